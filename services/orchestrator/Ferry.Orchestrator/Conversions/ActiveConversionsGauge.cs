using System.Diagnostics.Metrics;
using Ferry.Contracts;
using Ferry.Contracts.Conversions;
using Ferry.Hosting;
using Ferry.Hosting.Documents;

namespace Ferry.Orchestrator.Conversions;

/// <summary>Counts the conversions that have not ended, by state and by what they wait for: <c>ferry.conversions.active</c>, <c>.waiting</c> and <c>.waiting.longest</c>.</summary>
public sealed class ActiveConversionsGauge(
    IDocumentCollection<ConversionState> documents, ConversionProgress progress, TimeProvider time, ILogger<ActiveConversionsGauge> logger)
    : RepeatedService(TimeSpan.FromSeconds(15), time)
{
    private const string StateTag = "ferry.state";
    private const string ReasonTag = "ferry.wait.reason";
    private volatile IReadOnlyList<Measurement<long>> active = [];
    private volatile IReadOnlyList<Measurement<long>> waiting = [];
    private volatile IReadOnlyList<Measurement<double>> longest = [];

    /// <summary>Counts now.</summary>
    public async Task CountAsync(CancellationToken cancellationToken)
    {
        // The waits first: one that does not fit its conversion's step, as read behind it, is of a step that has ended.
        var waitingDisks = await progress.WaitingAsync(cancellationToken);
        var unfinished = await documents.QueryAsync(DocumentQuery.Where("nextSweepAt", Comparison.Less, DateTimeOffset.MaxValue), cancellationToken);
        active = [.. unfinished.GroupBy(x => x.ShownState).Select(x => new Measurement<long>(x.LongCount(), new KeyValuePair<string, object?>(StateTag, x.Key)))];

        var now = Time.GetUtcNow();
        var waits = (await WaitsAsync(unfinished, waitingDisks, cancellationToken)).GroupBy(wait => wait.Reason).ToList();
        waiting = [.. waits.Select(x => new Measurement<long>(x.LongCount(), new KeyValuePair<string, object?>(ReasonTag, x.Key)))];
        longest = [.. waits.Select(x => new Measurement<double>(
            Math.Max(0, (now - x.Min(wait => wait.Since)).TotalSeconds), new KeyValuePair<string, object?>(ReasonTag, x.Key)))];
    }

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        OrchestratorTelemetry.ObserveActive(() => active);
        OrchestratorTelemetry.ObserveWaiting(() => waiting);
        OrchestratorTelemetry.ObserveLongestWait(() => longest);
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task RoundAsync(bool first, CancellationToken stoppingToken) => CountAsync(stoppingToken);

    /// <inheritdoc/>
    protected override void RoundFailed(Exception exception) => Log.SweepFailed(logger, exception);

    // As the API shows it: a pause before all else, then the first disk of the running step that waits.
    private async Task<List<WaitingFor>> WaitsAsync(IReadOnlyList<ConversionState> unfinished, IReadOnlyList<ProgressDocument> waitingDisks, CancellationToken cancellationToken)
    {
        var waits = unfinished.Where(state => state.PausedAt is not null)
            .Select(state => new WaitingFor { Reason = ConversionProjections.PausedReason, Detail = "", Since = state.PausedAt!.Value })
            .ToList();
        var running = unfinished.Where(state => state is { PausedAt: null, Steps: [.., { Outcome: "running" }] }).ToDictionary(state => state.CorrelationId);
        var shown = new HashSet<Guid>();
        foreach (var disk in waitingDisks.OrderBy(disk => disk.Id, StringComparer.Ordinal))
        {
            if (!running.TryGetValue(disk.ConversionId, out var state) || state.Steps[^1].Step != disk.Progress.Step || state.Steps[^1].Attempt != disk.Attempt)
            {
                await progress.ForgetWaitAsync(disk, cancellationToken);
            }
            else if (disk.Progress.WaitingFor is { } wait && shown.Add(disk.ConversionId))
            {
                waits.Add(wait);
            }
        }

        return waits;
    }
}
