using System.Globalization;
using Ferry.Chunks.Uploads;

namespace Ferry.Agent.Capture;

/// <summary>Says on standard error how far a disk is: a line now and then, and one when it has to wait. Safe for concurrent use.</summary>
internal sealed class CaptureProgress(string device, TextWriter writer, TimeProvider time) : IProgress<DiskUploadProgress>
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private readonly Lock gate = new();
    private long shownAt = time.GetTimestamp();
    private string? waiting;

    /// <inheritdoc/>
    public void Report(DiskUploadProgress value)
    {
        lock (gate)
        {
            if (value.Waiting != waiting && (waiting = value.Waiting) is not null)
            {
                writer.WriteLine($"{device}: waiting: {waiting}");
            }

            if (waiting is null && time.GetElapsedTime(shownAt) >= Every)
            {
                shownAt = time.GetTimestamp();
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{device}: {value.BytesDone >> 20} of {value.Bytes >> 20} MiB are there, {value.BytesRead >> 20} MiB read"));
            }
        }
    }
}
