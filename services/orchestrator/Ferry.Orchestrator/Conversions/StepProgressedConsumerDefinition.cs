using MassTransit;

namespace Ferry.Orchestrator.Conversions;

/// <summary>Progress is many small messages; a lost one is replaced within a second.</summary>
public sealed class StepProgressedConsumerDefinition : ConsumerDefinition<StepProgressedConsumer>
{
    /// <summary>Sets the endpoint.</summary>
    public StepProgressedConsumerDefinition()
    {
        EndpointName = "orchestrator-step-progressed";
        ConcurrentMessageLimit = 4;
    }
}
