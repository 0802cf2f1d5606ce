using Ferry.Hosting.Bus;

namespace Ferry.Orchestrator.Conversions;

/// <summary>Progress is many small messages; a lost one is replaced within a second.</summary>
public sealed class StepProgressedConsumerDefinition : EventConsumerDefinition<StepProgressedConsumer>
{
    /// <summary>Sets the endpoint.</summary>
    public StepProgressedConsumerDefinition()
        : base("orchestrator") => ConcurrentMessageLimit = 4;
}
