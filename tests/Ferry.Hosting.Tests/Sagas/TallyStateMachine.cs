using Ferry.Contracts.Cleanup;
using Ferry.Contracts.Conversions;
using Ferry.Hosting.Sagas;
using MassTransit;

namespace Ferry.Hosting.Tests.Sagas;

/// <summary>Counts nudges and answers each one.</summary>
internal sealed class TallyStateMachine : MassTransitStateMachine<TallyState>
{
    public TallyStateMachine(TimeProvider time)
    {
        InstanceState(state => state.CurrentState);
        Event(() => Nudged, nudged => nudged.CorrelateById(context => context.Message.ConversionId));
        Event(() => Cancel, cancel =>
        {
            cancel.CorrelateById(context => context.Message.ConversionId);
            cancel.OnMissingInstance(missing => missing.DropWithWarning());
        });
        Initially(When(Nudged).Then(context => Answer(context.Saga, time)).TransitionTo(Counting));
        During(Counting, When(Nudged).Then(context => Answer(context.Saga, time)), When(Cancel).TransitionTo(Cancelled));
    }

    public State Counting { get; private set; } = null!;

    public State Cancelled { get; private set; } = null!;

    public Event<ConversionNudged> Nudged { get; private set; } = null!;

    public Event<CancelConversion> Cancel { get; private set; } = null!;

    private static void Answer(TallyState state, TimeProvider time)
    {
        state.Count++;
        state.Publish(new ConversionCleanedUp { ConversionId = state.CorrelationId, Attempt = state.Count, Residue = [] }, time);
    }
}
