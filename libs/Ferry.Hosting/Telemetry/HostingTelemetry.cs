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

    private static readonly Counter<long> Redelivered =
        Meter.CreateCounter<long>("ferry.messages.redelivered", "{message}", "Messages that the broker delivered again, by queue.");

    private static readonly Counter<long> Retries =
        Meter.CreateCounter<long>("ferry.messages.retries", "{retry}", "Times that a message was handled again within its delivery, by queue.");

    private static readonly Histogram<double> MessageDuration = Meter.CreateHistogram<double>(
        "ferry.messages.duration",
        "s",
        "Time from the first try to handle a message to its end, by queue and outcome.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });

    private static readonly Counter<long> JobFailures = Meter.CreateCounter<long>(
        "ferry.job.failures", "{failure}", "Runs of jobs that ended with an error, also those that are tried again, by step and code.");

    internal static readonly Counter<long> TakenOver =
        Meter.CreateCounter<long>("ferry.job.takeovers", "{job}", "Jobs taken over from a worker that had not given its lease back, by step.");

    internal static readonly Counter<long> SagaConflicts = Meter.CreateCounter<long>(
        "ferry.saga.conflicts", "{conflict}", "Messages of sagas that are handled again, as another process wrote the saga in between.");

    /// <summary>Jobs that wait, by step and reason; a part is a service.</summary>
    internal static readonly ObservedParts WaitingJobs = new();

    /// <summary>Messages in the process's queues; one part.</summary>
    internal static readonly ObservedParts QueueDepths = new();

    /// <summary>Consumers of the process's queues; one part.</summary>
    internal static readonly ObservedParts QueueConsumers = new();

    /// <summary>Messages that should have been sent; a part is a collection.</summary>
    internal static readonly ObservedParts OverdueMessages = new();

    static HostingTelemetry()
    {
        Meter.CreateObservableGauge("ferry.job.waiting", WaitingJobs.Read, "{job}", "Jobs that wait, by step and reason, as looked at last.");
        Meter.CreateObservableGauge("ferry.queue.messages", QueueDepths.Read, "{message}", "Messages that are ready in a queue, as looked at last.");
        Meter.CreateObservableGauge("ferry.queue.consumers", QueueConsumers.Read, "{consumer}", "Consumers of a queue, as looked at last.");
        Meter.CreateObservableGauge("ferry.outbox.overdue", OverdueMessages.Read, "{message}", "Messages that documents carry and that should have been sent, as swept last.");
    }

    /// <summary>Has the process say for how long it runs, which also says that it does.</summary>
    internal static void ObserveUptime() => Uptime.Begin(Meter);

    internal static void CountFailure(string step, string code) =>
        JobFailures.Add(1, new KeyValuePair<string, object?>("ferry.step", step), new KeyValuePair<string, object?>("error.type", code));

    internal static void CountRedelivery(string queue) => Redelivered.Add(1, new KeyValuePair<string, object?>("messaging.destination.name", queue));

    internal static void CountRetry(string queue) => Retries.Add(1, new KeyValuePair<string, object?>("messaging.destination.name", queue));

    internal static void RecordMessage(string queue, string outcome, TimeSpan duration) => MessageDuration.Record(
        duration.TotalSeconds, new KeyValuePair<string, object?>("messaging.destination.name", queue), new KeyValuePair<string, object?>("ferry.outcome", outcome));

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
