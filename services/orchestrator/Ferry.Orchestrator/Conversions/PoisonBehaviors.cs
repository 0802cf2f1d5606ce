using Ferry.Contracts;
using Ferry.Contracts.Jobs;
using Ferry.Orchestrator.DeadLetters;
using MassTransit;

namespace Ferry.Orchestrator.Conversions;

/// <summary>What a message that could not be consumed does to its conversion: the step fails with the reason.</summary>
internal static class PoisonBehaviors
{
    /// <summary>Whether the step that runs now cannot go on without the message.</summary>
    public static bool IsPoisonedBy(this ConversionState state, MessagePoisoned message) =>
        PoisonedSteps.Of(message) is { } step && message.Attempt is { } attempt && ConversionSteps.IsCurrent(state, step, attempt);

    public static EventActivityBinder<ConversionState, MessagePoisoned> RecordPoison(
        this EventActivityBinder<ConversionState, MessagePoisoned> binder, TimeProvider time) =>
        binder.Then(x => x.Saga.RecordFailure(FailureOf(x.Message), [], time.GetUtcNow()));

    public static EventActivityBinder<ConversionState, MessagePoisoned> RecordPoisonedCleanup(
        this EventActivityBinder<ConversionState, MessagePoisoned> binder, TimeProvider time) =>
        binder.Then(x =>
        {
            var failure = FailureOf(x.Message);
            x.Saga.Residue = [$"the clean-up could not be done: {failure.Message}"];
            x.Saga.Steps[^1].Failure = failure;
            ConversionSteps.Finish(x.Saga, "failed", time.GetUtcNow());
        });

    public static EventActivityBinder<ConversionState, MessagePoisoned> RecordMissingReport(
        this EventActivityBinder<ConversionState, MessagePoisoned> binder, TimeProvider time) =>
        binder.Then(x => x.Saga.RecordMissingReport(FailureOf(x.Message), time.GetUtcNow()));

    private static Failure FailureOf(MessagePoisoned message) => new()
    {
        Code = DeadLetterBox.Poisoned,
        Message = $"The message {message.Type.Split('.')[^1]} could not be consumed ({message.Reason}), also not when it was tried again.",
        Where = $"queue {message.Queue}",
        Remedy = $"See the log of its service{(message.TraceId is { } trace ? $" for trace {trace}" : "")} and ferry dead-letters; ferry retry when the cause is gone.",
    };
}
