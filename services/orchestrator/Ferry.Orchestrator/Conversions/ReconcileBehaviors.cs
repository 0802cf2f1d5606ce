using Ferry.Contracts.Cleanup;
using Ferry.Contracts.Conversions;
using Ferry.Hosting.Outbox;
using MassTransit;

namespace Ferry.Orchestrator.Conversions;

/// <summary>Cleaning up again what an ended conversion has left. A retry waits for it: the clean-up stops the conversion's jobs.</summary>
internal static class ReconcileBehaviors
{
    private const int FirstAttempt = 1000;

    public static EventActivityBinder<ConversionState, OrphansFound> CleanUpAgain(this EventActivityBinder<ConversionState, OrphansFound> binder, TimeProvider time) =>
        binder.Then(x =>
        {
            if (x.Saga.ReconcileAttempt is null)
            {
                x.Saga.Reconciliations++;
                x.Saga.ReconcileAttempt = FirstAttempt + x.Saga.Reconciliations;
            }

            x.Saga.SendReconcile(time.GetUtcNow());
        });

    public static EventActivityBinder<ConversionState, ConversionNudged> CleanUpAgain(this EventActivityBinder<ConversionState, ConversionNudged> binder, TimeProvider time) =>
        binder.Then(x => x.Saga.SendReconcile(time.GetUtcNow()));

    public static EventActivityBinder<ConversionState, ConversionCleanedUp> RecordReconciliation(
        this EventActivityBinder<ConversionState, ConversionCleanedUp> binder) =>
        binder.Then(x =>
        {
            x.Saga.ReconcileAttempt = null;
            x.Saga.Residue = [.. x.Message.Residue];
            x.Saga.NextSweepAt = DateTimeOffset.MaxValue;
        });

    // Nudged by the sweeper until it is answered.
    private static void SendReconcile(this ConversionState state, DateTimeOffset now)
    {
        if (state.ReconcileAttempt is { } attempt)
        {
            state.NextSweepAt = now + ConversionSteps.SilenceBeforeNudge;
            state.Pending.Add(PendingMessage.Command(
                new CleanUpConversion { ConversionId = state.CorrelationId, Attempt = attempt, KeepProducts = state.Outcome == "Completed" }, now));
        }
    }
}
