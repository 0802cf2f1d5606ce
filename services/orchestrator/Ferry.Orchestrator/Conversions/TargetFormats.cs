namespace Ferry.Orchestrator.Conversions;

/// <summary>The image formats that each built target takes, its own first. The conversion service has the same list; a test compares the two.</summary>
public static class TargetFormats
{
    /// <summary>The targets in the order in which they are named to operators.</summary>
    public static IReadOnlyList<(string Target, IReadOnlyList<string> Formats)> All { get; } =
    [
        ("hyperv", ["vhdx"]),
        ("kvm", ["qcow2", "raw"]),
        ("azure", ["vhd"]),
        ("raw", ["raw", "vhdx", "vhd", "vdi", "qcow2"]),
    ];

    /// <summary>The formats of a built target.</summary>
    /// <exception cref="ArgumentException">The target is not built.</exception>
    public static IReadOnlyList<string> Of(string target) => All.FirstOrDefault(t => t.Target == target).Formats
        ?? throw new ArgumentException($"The target {target} is not built.", nameof(target));
}
