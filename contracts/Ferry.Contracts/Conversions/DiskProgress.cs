namespace Ferry.Contracts.Conversions;

/// <summary>How far the running step is with one disk.</summary>
public sealed record DiskProgress
{
    /// <summary>Step that runs.</summary>
    public required string Step { get; init; }

    /// <summary>Index of the disk; null when the step is not about one disk.</summary>
    public int? Disk { get; init; }

    /// <summary>Bytes done of <see cref="BytesTotal"/>.</summary>
    public required long BytesDone { get; init; }

    /// <summary>Bytes to do; 0 when not known.</summary>
    public required long BytesTotal { get; init; }

    /// <summary>What is being done, in a few words, or null.</summary>
    public string? Activity { get; init; }

    /// <summary>What the job waits for, or null.</summary>
    public WaitingFor? WaitingFor { get; init; }
}
