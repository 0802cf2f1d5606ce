using System.Diagnostics.Metrics;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Telemetry;
using Microsoft.Extensions.Logging;

namespace Ferry.Hosting.Jobs;

/// <summary>
/// Counts a service's jobs that wait, for <c>ferry.job.waiting</c>: for a worker, or until a time, for the reason that stands in their progress. Jobs that wait for a word from
/// outside without a time are not among them.
/// </summary>
internal sealed class WaitingJobsGauge(ServiceDocuments documents, IReadOnlyList<string> kinds, TimeProvider time, ILogger<WaitingJobsGauge> logger)
    : RepeatedService(TimeSpan.FromSeconds(15), time)
{
    /// <summary>Reason of a job that any worker could take.</summary>
    public const string ForWorker = "worker";

    /// <summary>Reason of a job that is not due yet and does not say why.</summary>
    public const string ForTime = "later";

    private const int Most = 5000;

    /// <summary>Counts now.</summary>
    public async Task CountAsync(CancellationToken cancellationToken)
    {
        var now = await documents.NowAsync(cancellationToken).ConfigureAwait(false);
        var counts = new Dictionary<(string Step, string Reason), long>();
        var queued = DocumentQuery.Where("kind", Comparison.In, kinds.ToArray()).And("state", JobState.Queued);
        var later = queued.And("claimableAt", Comparison.Greater, now).And("claimableAt", Comparison.Less, DateTimeOffset.MaxValue).Limit(Most);
        foreach (var job in await documents.Jobs.QueryAsync(later, cancellationToken).ConfigureAwait(false))
        {
            var key = (job.Kind, job.Progress?.WaitingFor?.Reason ?? ForTime);
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }

        foreach (var kind in kinds)
        {
            // A series that begins with its first event has no increase.
            HostingTelemetry.TakenOver.Add(0, new KeyValuePair<string, object?>("ferry.step", kind));
            var due = DocumentQuery.Where("kind", kind).And("claimableAt", Comparison.LessOrEqual, now).And("state", JobState.Queued);
            counts[(kind, ForWorker)] = await documents.Jobs.CountAsync(due, cancellationToken).ConfigureAwait(false);
        }

        HostingTelemetry.WaitingJobs.Set(documents.Service, [.. counts.Select(count => new Measurement<long>(
            count.Value, new KeyValuePair<string, object?>("ferry.step", count.Key.Step), new KeyValuePair<string, object?>("ferry.wait.reason", count.Key.Reason)))]);
    }

    /// <inheritdoc/>
    protected override Task RoundAsync(bool first, CancellationToken stoppingToken) => CountAsync(stoppingToken);

    /// <inheritdoc/>
    protected override void RoundFailed(Exception exception)
    {
        HostingTelemetry.WaitingJobs.Clear(documents.Service);
        Log.NotMeasured(logger, exception, "ferry.job.waiting");
    }

    /// <inheritdoc/>
    protected override Task StoppingAsync()
    {
        HostingTelemetry.WaitingJobs.Clear(documents.Service);
        return Task.CompletedTask;
    }
}
