using System.Text;

namespace Ferry.Agent.Inventory.Disks;

/// <summary>A mounted file system that has a device.</summary>
/// <param name="Source">What is mounted, such as <c>/dev/sda1</c>.</param>
/// <param name="DeviceNumber">Its device number; of btrfs one that no disk has.</param>
/// <param name="MountPoint">Where.</param>
/// <param name="FileSystem">Kind of the file system.</param>
/// <param name="ReadOnly">Whether the file system as a whole is read-only.</param>
internal sealed record MountInventory(string Source, string DeviceNumber, string MountPoint, string FileSystem, bool ReadOnly)
{
    /// <summary>Reads <c>/proc/self/mountinfo</c>, or that of the first process where that is another's.</summary>
    public static IReadOnlyList<MountInventory> Read(SystemRoot root)
    {
        var own = root.ReadLines("/proc/self/mountinfo");
        var first = root.ReadLines("/proc/1/mountinfo");
        return [.. own.Concat(first).Select(Parse).OfType<MountInventory>().Where(mount => mount.Source.StartsWith("/dev/", StringComparison.Ordinal)).Distinct()];
    }

    /// <summary>A line of mountinfo (proc_pid_mountinfo(5)); null when it is none.</summary>
    internal static MountInventory? Parse(string line)
    {
        var fields = line.Split(' ');
        var separator = Array.IndexOf(fields, "-");
        if (separator < 6 || fields.Length < separator + 4)
        {
            return null;
        }

        // The options of the file system, behind the separator: a bind mount that is read-only leaves the file system writable.
        return new MountInventory(Unescape(fields[separator + 2]), fields[2], Unescape(fields[4]), fields[separator + 1], fields[separator + 3].Split(',').Contains("ro"));
    }

    /// <summary>Names with white space and backslashes stand there as <c>\ooo</c>, in octal and byte by byte.</summary>
    internal static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        var length = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            var isEscape = bytes[i] == '\\' && i + 3 < bytes.Length && bytes.AsSpan(i + 1, 3).IndexOfAnyExceptInRange((byte)'0', (byte)'7') < 0 && bytes[i + 1] <= '3';
            bytes[length++] = isEscape ? (byte)(((bytes[i + 1] - '0') << 6) | ((bytes[i + 2] - '0') << 3) | (bytes[i + 3] - '0')) : bytes[i];
            i += isEscape ? 3 : 0;
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }
}
