using System.Diagnostics.Metrics;
using Ferry.Contracts.Transfer;
using Ferry.Transfer.Jobs;

namespace Ferry.Transfer;

/// <summary>Metrics of transfer jobs; their bytes are in <c>ferry.bytes</c>. Safe for concurrent use.</summary>
public static class TransferTelemetry
{
    /// <summary>Name of the meter.</summary>
    public const string SourceName = "Ferry.Transfer";

    private static readonly Meter Meter = new(SourceName);

    private static readonly Counter<long> StateChanges =
        Meter.CreateCounter<long>("ferry.transfer.changes", "{change}", "Transfer jobs that came into a state, with the error's code where it is one.");

    private static readonly UpDownCounter<long> Connections =
        Meter.CreateUpDownCounter<long>("ferry.transfer.connections", "{connection}", "Connections to sources that this process holds.");

    private static volatile IReadOnlyList<Measurement<long>> unfinished = [];

    private static volatile IReadOnlyList<Measurement<double>> limits = [];

    static TransferTelemetry()
    {
        Meter.CreateObservableGauge("ferry.transfer.jobs", Unfinished, "{job}", "Transfer jobs that have not arrived, by state and what they wait for, as looked at last.");
        Meter.CreateObservableGauge("ferry.transfer.limit", Limits, "By/s", "The rate that each limit allows now, for all replicas together; 0 parks.");
    }

    private static IEnumerable<Measurement<long>> Unfinished() => unfinished;

    private static IEnumerable<Measurement<double>> Limits() => limits;

    /// <summary>Counts a job that came into another state.</summary>
    internal static void CountChange(TransferJobDocument job) => StateChanges.Add(
        1,
        new KeyValuePair<string, object?>("ferry.state", job.State.ToString()),
        new KeyValuePair<string, object?>("error.type", job.State is TransferJobState.TransientError or TransferJobState.Error ? job.Failure?.Code : null));

    /// <summary>A connection was taken (1) or given back (-1).</summary>
    internal static void CountConnection(int change) => Connections.Add(change);

    /// <summary>Keeps the rates in force, by the name of the limit.</summary>
    internal static void Observe(IEnumerable<KeyValuePair<string, double>> rates) =>
        limits = [.. rates.Select(rate => new Measurement<double>(rate.Value, new KeyValuePair<string, object?>("ferry.limit", rate.Key)))];

    /// <summary>Keeps how many jobs there are by state and reason of waiting.</summary>
    internal static void Observe(IEnumerable<TransferJobDocument> jobs) => unfinished = [.. jobs
        .GroupBy(job => (job.State, job.WaitingFor?.Reason))
        .Select(group => new Measurement<long>(
            group.LongCount(),
            new KeyValuePair<string, object?>("ferry.state", group.Key.State.ToString()),
            new KeyValuePair<string, object?>("ferry.wait.reason", group.Key.Reason)))];
}
