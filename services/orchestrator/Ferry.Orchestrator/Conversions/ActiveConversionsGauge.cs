using System.Diagnostics.Metrics;
using Ferry.Hosting.Documents;

namespace Ferry.Orchestrator.Conversions;

/// <summary>Counts the conversions that have not ended, by state, for <c>ferry.conversions.active</c>.</summary>
public sealed class ActiveConversionsGauge(IDocumentCollection<ConversionState> documents, TimeProvider time, ILogger<ActiveConversionsGauge> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private volatile IReadOnlyList<Measurement<long>> measured = [];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        OrchestratorTelemetry.ObserveActive(() => measured);
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                var active = await documents.QueryAsync(
                    DocumentQuery.Where("nextSweepAt", Comparison.Less, DateTimeOffset.MaxValue), stoppingToken);
                measured = [.. active.GroupBy(x => x.ShownState)
                    .Select(x => new Measurement<long>(x.LongCount(), new KeyValuePair<string, object?>("ferry.state", x.Key)))];
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Log.SweepFailed(logger, exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
