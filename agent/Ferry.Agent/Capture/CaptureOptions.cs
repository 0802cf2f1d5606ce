namespace Ferry.Agent.Capture;

/// <summary>What <c>ferry-agent capture</c> was asked for.</summary>
internal sealed record CaptureOptions
{
    /// <summary>Where Ferry is.</summary>
    public required Uri Server { get; init; }

    /// <summary>The API key.</summary>
    public required string Key { get; init; }

    /// <summary>Name of the machine.</summary>
    public required string Name { get; init; }

    /// <summary>Paths of the disks; empty: all local ones.</summary>
    public IReadOnlyList<string> Disks { get; init; } = [];

    /// <summary>Whether what no file system uses is sent, too.</summary>
    public bool AllBlocks { get; init; }

    /// <summary>Most bits of bodies per second in millions, or null.</summary>
    public double? MaxMegabits { get; init; }

    /// <summary>Most processor time in percent of all processors, or null.</summary>
    public int? MaxCpuPercent { get; init; }
}
