namespace Ferry.Agent.Inventory.Systems;

/// <summary>The processors of a machine.</summary>
/// <param name="Logical">Logical processors, at least 1.</param>
/// <param name="Sockets">Packages, at least 1.</param>
/// <param name="Model">Name of the model; empty when it is not said.</param>
internal sealed record ProcessorInventory(int Logical, int Sockets, string Model)
{
    /// <summary>Reads <c>/proc/cpuinfo</c>.</summary>
    public static ProcessorInventory Read(SystemRoot root)
    {
        var fields = root.ReadLines("/proc/cpuinfo").Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries)).Where(parts => parts.Length == 2).ToLookup(parts => parts[0], parts => parts[1]);
        return new ProcessorInventory(
            Math.Max(1, fields["processor"].Count()), Math.Max(1, fields["physical id"].Distinct(StringComparer.Ordinal).Count()), fields["model name"].FirstOrDefault() ?? "");
    }
}
