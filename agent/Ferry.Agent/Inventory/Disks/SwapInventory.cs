namespace Ferry.Agent.Inventory.Disks;

/// <summary>A swap area in use.</summary>
/// <param name="Path">Its partition or file.</param>
/// <param name="Kind"><c>partition</c> or <c>file</c>.</param>
/// <param name="Size">Size in bytes.</param>
internal sealed record SwapInventory(string Path, string Kind, long Size)
{
    /// <summary>Reads <c>/proc/swaps</c>.</summary>
    public static IReadOnlyList<SwapInventory> Read(SystemRoot root) => [.. root.ReadLines("/proc/swaps").Skip(1).Select(Parse).OfType<SwapInventory>()];

    /// <summary>A line of <c>/proc/swaps</c>; null when it is none.</summary>
    internal static SwapInventory? Parse(string line)
    {
        var fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return fields.Length >= 3 && long.TryParse(fields[2], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var kibibytes)
            && kibibytes <= long.MaxValue >> 10
            ? new SwapInventory(MountInventory.Unescape(fields[0]), fields[1], kibibytes << 10)
            : null;
    }
}
