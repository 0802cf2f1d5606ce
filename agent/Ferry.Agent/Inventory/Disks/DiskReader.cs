using System.Text;

namespace Ferry.Agent.Inventory.Disks;

/// <summary>Reads the disks of a system from <c>/sys/block</c>.</summary>
internal static class DiskReader
{
    private const int SectorSize = 512;
    private const int MostDepth = 8;

    // What the kernel makes up of memory, files and other disks is no disk of the machine.
    private static readonly string[] MadeUp = ["loop", "zram", "ram", "dm-", "md", "sr", "fd", "nbd", "drbd", "zd", "bcache"];

    /// <summary>The disks in the kernel's order of names.</summary>
    /// <param name="root">The system.</param>
    /// <param name="removable">Whether those with a medium that can be taken out count.</param>
    public static IReadOnlyList<DiskInventory> Read(SystemRoot root, bool removable) =>
    [
        .. root.List("/sys/block")
            .Where(name => !MadeUp.Any(made => name.StartsWith(made, StringComparison.Ordinal)))
            .Select(name => Read(root, name))
            .OfType<DiskInventory>()
            .Where(disk => disk.Size > 0 && (removable || !disk.Removable))
            .OrderBy(disk => disk.Name.Length).ThenBy(disk => disk.Name, StringComparer.Ordinal),
    ];

    /// <summary>One block device by the kernel's name, whatever it is; null when there is none.</summary>
    public static DiskInventory? Read(SystemRoot root, string name)
    {
        var folder = $"/sys/block/{name}";
        if (root.ReadNumber($"{folder}/size") is not { } sectors || sectors < 0 || sectors > long.MaxValue / SectorSize)
        {
            return null;
        }

        return new DiskInventory
        {
            Name = name,
            Size = sectors * SectorSize,
            Model = string.Join(' ', new[] { root.ReadText($"{folder}/device/vendor"), root.ReadText($"{folder}/device/model") }.Where(text => !string.IsNullOrEmpty(text) && !IsNumber(text))),
            Serial = Serial(root, folder),
            Bus = Bus(root.ReadLink(folder), name),
            Rotational = root.ReadText($"{folder}/queue/rotational") == "1",
            Removable = root.ReadText($"{folder}/removable") == "1",
            LogicalSectorSize = root.ReadNumber($"{folder}/queue/logical_block_size") is 4096 ? 4096 : SectorSize,
            SectorsWritten = SectorsWritten(root, name),
            DeviceNumbers = [.. Numbers(root, folder, MostDepth).Distinct(StringComparer.Ordinal)],
        };
    }

    /// <summary>Sectors that were written to a disk since the kernel started (Documentation/block/stat.rst, the seventh value); 0 when it is not said.</summary>
    public static long SectorsWritten(SystemRoot root, string name) =>
        root.ReadText($"/sys/block/{name}/stat")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: >= 7 } values
        && long.TryParse(values[6], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var sectors)
            ? sectors
            : 0;

    /// <summary>Whether several paths lead to the disk, so that it is there more than once.</summary>
    public static bool IsMultipath(SystemRoot root, string name) => HolderIds(root, name).Any(id => id.StartsWith("mpath-", StringComparison.Ordinal));

    /// <summary>Whether the kernel's software RAID has the disk or a partition of it.</summary>
    public static bool IsInRaid(SystemRoot root, string name) => Parts(root, $"/sys/block/{name}").SelectMany(part => root.List($"{part}/holders")).Any(holder => holder.StartsWith("md", StringComparison.Ordinal));

    private static IEnumerable<string> HolderIds(SystemRoot root, string name) => root.List($"/sys/block/{name}/holders").Select(holder => root.ReadText($"/sys/block/{holder}/dm/uuid")).OfType<string>();

    private static IEnumerable<string> Parts(SystemRoot root, string folder) => root.List(folder).Where(entry => root.Exists($"{folder}/{entry}/partition")).Select(entry => $"{folder}/{entry}").Prepend(folder);

    private static IEnumerable<string> Numbers(SystemRoot root, string folder, int depth)
    {
        foreach (var part in Parts(root, folder))
        {
            if (root.ReadText($"{part}/dev") is { Length: > 0 } number)
            {
                yield return number;
            }

            foreach (var above in depth == 0 ? [] : root.List($"{part}/holders").SelectMany(holder => Numbers(root, $"/sys/block/{holder}", depth - 1)))
            {
                yield return above;
            }
        }
    }

    private static bool IsNumber(string text) => text.StartsWith("0x", StringComparison.Ordinal);

    private static string Bus(string? link, string name) =>
        name.StartsWith("nvme", StringComparison.Ordinal) ? "nvme"
        : link is null || link.Contains("/virtual/", StringComparison.Ordinal) ? "virtual"
        : link.Split('/').Any(part => part.StartsWith("ata", StringComparison.Ordinal) && part.Length > 3 && part.AsSpan(3).IndexOfAnyExceptInRange('0', '9') < 0) ? "sata"
        : name.StartsWith("hd", StringComparison.Ordinal) ? "ide"
        : "scsi";

    // NVMe, MMC and virtio say it in a file of its own; SCSI in page 80 of the vital product data (SPC-4, 7.8.13), behind a header of four bytes.
    private static string Serial(SystemRoot root, string folder)
    {
        foreach (var file in (string[])["device/serial", "serial"])
        {
            if (root.ReadText($"{folder}/{file}") is { Length: > 0 } serial)
            {
                return serial;
            }
        }

        return root.ReadBytes($"{folder}/device/vpd_pg80") is { Length: > 4 } page ? Encoding.ASCII.GetString(page[4..]).Trim('\0', ' ', '\n') : "";
    }
}
