using Ferry.Chunks.Uploads;
using Ferry.Cli.Output;

namespace Ferry.Cli.Transfers;

/// <summary>Says on standard error how far an upload is: a line now and then, and one when it has to wait. Safe for concurrent use.</summary>
internal sealed class UploadDisplay(TextWriter writer, TimeProvider time) : IProgress<DiskUploadProgress>
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private readonly Lock gate = new();
    private long shownAt = time.GetTimestamp();
    private string? waiting;

    public void Report(DiskUploadProgress value)
    {
        lock (gate)
        {
            if (value.Waiting != waiting)
            {
                waiting = value.Waiting;
                if (waiting is not null)
                {
                    writer.WriteLine($"waiting: {waiting}");
                }
            }

            if (waiting is null && time.GetElapsedTime(shownAt) >= Every)
            {
                shownAt = time.GetTimestamp();
                writer.WriteLine($"{Units.Bytes(value.BytesDone)} of {Units.Bytes(value.Bytes)} are there, {Units.Bytes(value.BytesRead)} read");
            }
        }
    }
}
