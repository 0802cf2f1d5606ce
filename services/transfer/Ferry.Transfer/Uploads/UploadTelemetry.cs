using System.Diagnostics.Metrics;

namespace Ferry.Transfer.Uploads;

/// <summary>Metrics of uploads.</summary>
public static class UploadTelemetry
{
    private static readonly Meter Meter = new(TransferTelemetry.SourceName);

    private static readonly Counter<long> Chunks = Meter.CreateCounter<long>("ferry.upload.chunks", "{chunk}", "Chunks that clients sent: stored, there already, or refused.");

    private static readonly Counter<long> Received = Meter.CreateCounter<long>("ferry.upload.received", "By", "Bytes of chunks as they came over the network, compressed or not.");

    internal static void Taken(bool added, long received)
    {
        Chunks.Add(1, new KeyValuePair<string, object?>("ferry.upload.outcome", added ? "stored" : "there"));
        Received.Add(received);
    }

    internal static void Refused(long received)
    {
        Chunks.Add(1, new KeyValuePair<string, object?>("ferry.upload.outcome", "refused"));
        Received.Add(received);
    }
}
