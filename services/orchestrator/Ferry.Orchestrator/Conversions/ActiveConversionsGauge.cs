using System.Diagnostics.Metrics;
using Ferry.Hosting;
using Ferry.Hosting.Documents;

namespace Ferry.Orchestrator.Conversions;

/// <summary>Counts the conversions that have not ended, by state, for <c>ferry.conversions.active</c>.</summary>
public sealed class ActiveConversionsGauge(IDocumentCollection<ConversionState> documents, TimeProvider time, ILogger<ActiveConversionsGauge> logger)
    : RepeatedService(TimeSpan.FromSeconds(10), time)
{
    private volatile IReadOnlyList<Measurement<long>> measured = [];

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        OrchestratorTelemetry.ObserveActive(() => measured);
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task RoundAsync(bool first, CancellationToken stoppingToken)
    {
        var active = await documents.QueryAsync(DocumentQuery.Where("nextSweepAt", Comparison.Less, DateTimeOffset.MaxValue), stoppingToken);
        measured = [.. active.GroupBy(x => x.ShownState)
            .Select(x => new Measurement<long>(x.LongCount(), new KeyValuePair<string, object?>("ferry.state", x.Key)))];
    }

    /// <inheritdoc/>
    protected override void RoundFailed(Exception exception) => Log.SweepFailed(logger, exception);
}
