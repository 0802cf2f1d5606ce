using System.Diagnostics;
using System.Diagnostics.Metrics;
using Ferry.Contracts.Conversions;

namespace Ferry.Hosting.Telemetry;

/// <summary>Spans and metrics of Hosting.</summary>
public static class HostingTelemetry
{
    /// <summary>Name of the source of spans and of the meter.</summary>
    public const string SourceName = "Ferry.Hosting";

    internal static readonly ActivitySource Source = new(SourceName);

    private static readonly Meter Meter = new(SourceName);

    internal static readonly UpDownCounter<long> ActiveJobs =
        Meter.CreateUpDownCounter<long>("ferry.job.active", "{job}", "Jobs that this process runs, by step.");

    private static readonly Histogram<double> JobDuration = Meter.CreateHistogram<double>(
        "ferry.job.duration",
        "s",
        "Time of one run of a job, by step and outcome.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 14400, 43200] });

    private static readonly Counter<long> Bytes = Meter.CreateCounter<long>("ferry.bytes", "By", "Bytes of proven slices, by step and kind.");

    internal static readonly Counter<long> Poisoned =
        Meter.CreateCounter<long>("ferry.messages.poisoned", "{message}", "Messages that could not be consumed, by queue.");

    internal static void RecordJob(string kind, string outcome, TimeSpan duration) =>
        JobDuration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("ferry.step", kind), new KeyValuePair<string, object?>("ferry.job.outcome", outcome));

    internal static void CountBytes(string step, ByteCounts bytes)
    {
        Count(step, "read", bytes.Read);
        Count(step, "zero", bytes.Zero);
        Count(step, "unused", bytes.Unused);
        Count(step, "deduplicated", bytes.Deduplicated);
        Count(step, "written", bytes.Written);
        Count(step, "resent", bytes.Resent);
    }

    private static void Count(string step, string kind, long bytes)
    {
        if (bytes > 0)
        {
            Bytes.Add(bytes, new KeyValuePair<string, object?>("ferry.step", step), new KeyValuePair<string, object?>("ferry.bytes.kind", kind));
        }
    }
}
