using System.Diagnostics.Metrics;

namespace Ferry.Chunks.Store;

/// <summary>Metrics of the chunk store.</summary>
public static class ChunkTelemetry
{
    /// <summary>Name of the meter.</summary>
    public const string SourceName = "Ferry.Chunks";

    private static readonly Meter Meter = new(SourceName);

    internal static readonly Counter<long> Corrupt = Meter.CreateCounter<long>(
        "ferry.store.corrupt", "{chunk}", "Chunks that were set aside because their bytes no longer matched their id.");

    internal static readonly Counter<long> Collected = Meter.CreateCounter<long>("ferry.store.collected", "{chunk}", "Chunks that garbage collection deleted.");

    internal static readonly Counter<long> CollectedBytes = Meter.CreateCounter<long>(
        "ferry.store.collected.bytes", "By", "What the chunks took that garbage collection deleted.");
}
