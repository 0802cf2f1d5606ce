using Ferry.Contracts.Conversions;
using Ferry.Hosting;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Outbox;

namespace Ferry.Orchestrator.Conversions;

/// <summary>
/// Finds conversions that have been silent, and has their current step's commands sent again: at start for every conversion that has not ended, later after
/// a minute of silence. So a lost message, a purged queue or a broker that was away costs time only.
/// </summary>
public sealed class ConversionSweeper(IDocumentCollection<ConversionState> documents, OutboxDispatcher outbox, TimeProvider time, ILogger<ConversionSweeper> logger)
    : RepeatedService(TimeSpan.FromSeconds(5), time)
{
    private static readonly string[] EndStates = ["Completed", "Failed", "Cancelled"];

    /// <summary>Nudges every conversion whose time has come.</summary>
    /// <param name="all">Nudges those whose time has not come too: after a start, as what was on its way may be lost.</param>
    /// <param name="cancellationToken">Stops the sweep.</param>
    public async Task SweepAsync(bool all, CancellationToken cancellationToken)
    {
        var now = Time.GetUtcNow();
        var silent = all
            ? DocumentQuery.Where("nextSweepAt", Comparison.Less, DateTimeOffset.MaxValue)
            : DocumentQuery.Where("nextSweepAt", Comparison.LessOrEqual, now);
        foreach (var conversion in await documents.QueryAsync(silent, cancellationToken))
        {
            // Of several orchestrators only the one that moves the time on sends the nudge.
            var mine = DocumentQuery.Where("id", conversion.Id).And("nextSweepAt", conversion.NextSweepAt);
            var next = DocumentUpdate.Set("nextSweepAt", now + ConversionSteps.SilenceBeforeNudge);
            if ((EndStates.Contains(conversion.CurrentState) && conversion.ReconcileAttempt is null) || await documents.UpdateFirstAsync(mine, next, cancellationToken) is null)
            {
                continue;
            }

            Log.Nudging(logger, conversion.CorrelationId, conversion.NextSweepAt - ConversionSteps.SilenceBeforeNudge);
            object message = conversion.CurrentState == "Requested"
                ? new RequestConversion { ConversionId = conversion.CorrelationId, Request = conversion.Request, RequestedAt = conversion.RequestedAt }
                : new ConversionNudged { ConversionId = conversion.CorrelationId };
            await outbox.SendAsync(
                PendingMessage.Event(message, now) with { TraceParent = conversion.TraceParent }, cancellationToken);
        }
    }

    /// <inheritdoc/>
    protected override Task RoundAsync(bool first, CancellationToken stoppingToken) => SweepAsync(first, stoppingToken);

    /// <inheritdoc/>
    protected override void RoundFailed(Exception exception) => Log.SweepFailed(logger, exception);
}
