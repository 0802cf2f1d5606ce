using System.Globalization;
using Ferry.Contracts.Machines;

namespace Ferry.Agent.Inventory.Systems;

/// <summary>Firmware, memory and maker of a machine.</summary>
internal static class HardwareReader
{
    private const string SecureBootVariable = "/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c";

    /// <summary>What started the running kernel.</summary>
    public static Firmware ReadFirmware(SystemRoot root) => root.Exists("/sys/firmware/efi") ? Firmware.Uefi : Firmware.Bios;

    /// <summary>Whether Secure Boot is on: four bytes of attributes, then the value (UEFI 2.10, 3.3).</summary>
    public static bool ReadSecureBoot(SystemRoot root) => root.ReadBytes(SecureBootVariable) is [_, _, _, _, 1];

    /// <summary>Manufacturer and product.</summary>
    public static string ReadMaker(SystemRoot root) =>
        string.Join(' ', new[] { root.ReadText("/sys/class/dmi/id/sys_vendor"), root.ReadText("/sys/class/dmi/id/product_name") }.Where(text => !string.IsNullOrEmpty(text)));

    /// <summary>
    /// Memory in MiB: what is plugged in, where the kernel says it, else what it has for programs, which is less.
    /// </summary>
    public static int ReadMemoryMiB(SystemRoot root)
    {
        const string Blocks = "/sys/devices/system/memory";
        if (long.TryParse(root.ReadText($"{Blocks}/block_size_bytes"), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var size))
        {
            var online = root.List(Blocks).Count(name => name.StartsWith("memory", StringComparison.Ordinal) && root.ReadText($"{Blocks}/{name}/online") == "1");
            if (online > 0 && size is > 0 and <= 1L << 40)
            {
                return ToMiB((long)online * size);
            }
        }

        var total = root.ReadLines("/proc/meminfo").FirstOrDefault(line => line.StartsWith("MemTotal:", StringComparison.Ordinal))?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return total is [_, var kibibytes, ..] && long.TryParse(kibibytes, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= long.MaxValue >> 10
            ? ToMiB(number << 10)
            : 1;
    }

    private static int ToMiB(long bytes) => (int)Math.Clamp(bytes >> 20, 1, int.MaxValue);
}
