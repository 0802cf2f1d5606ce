namespace Ferry.Contracts.Store;

/// <summary>What a garbage collection found when it marked what is needed. Sizes are in bytes.</summary>
public sealed record StoreMark
{
    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Live manifests.</summary>
    public required int Manifests { get; init; }

    /// <summary>Stored bytes of the disks that they describe, each counted as often as a disk has it.</summary>
    public required long ReferencedBytes { get; init; }

    /// <summary>Chunks that were needed, each once, manifest pages included.</summary>
    public required long LiveChunks { get; init; }

    /// <summary>What they took, after compression.</summary>
    public required long LiveBytes { get; init; }

    /// <summary>Chunks that no manifest needed and that were left, as they had been used lately.</summary>
    public required long GarbageChunks { get; init; }

    /// <summary>What they took, after compression.</summary>
    public required long GarbageBytes { get; init; }

    /// <summary><see cref="ReferencedBytes"/> for each byte that the live chunks take: dedupe and compression together; 0 when nothing is live.</summary>
    public double Saving => LiveBytes == 0 ? 0 : (double)ReferencedBytes / LiveBytes;
}
