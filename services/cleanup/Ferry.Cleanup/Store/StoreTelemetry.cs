using System.Diagnostics.Metrics;
using Ferry.Contracts.Store;

namespace Ferry.Cleanup.Store;

/// <summary>Metrics of the store as a whole, as this process counted it last.</summary>
public static class StoreTelemetry
{
    /// <summary>Name of the meter.</summary>
    public const string SourceName = "Ferry.Cleanup";

    private static readonly Meter Meter = new(SourceName);

    private static readonly Gauge<long> Chunks = Meter.CreateGauge<long>("ferry.store.chunks", "{chunk}", "Chunks in the store, as counted last.");

    private static readonly Gauge<long> Bytes = Meter.CreateGauge<long>("ferry.store.bytes", "By", "What they take, as counted last.");

    private static readonly Gauge<long> Garbage = Meter.CreateGauge<long>("ferry.store.garbage", "By", "What chunks take that no manifest needs, as of the last mark.");

    private static readonly Gauge<long> Free = Meter.CreateGauge<long>(
        "ferry.store.free", "By", "What may still be stored before the quota, or the reserve of the disk, is reached.");

    internal static void RecordFree(long bytes) => Free.Record(bytes);

    internal static void Record(long chunks, long bytes)
    {
        Chunks.Record(chunks);
        Bytes.Record(bytes);
    }

    internal static void Record(StoreMark mark)
    {
        Record(mark.LiveChunks + mark.GarbageChunks, mark.LiveBytes + mark.GarbageBytes);
        Garbage.Record(mark.GarbageBytes);
    }
}
