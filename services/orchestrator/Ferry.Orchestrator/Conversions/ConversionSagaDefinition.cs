using Ferry.Hosting.Sagas;

namespace Ferry.Orchestrator.Conversions;

/// <summary>The saga's endpoint: retry on version conflicts, one message of a conversion at a time.</summary>
public sealed class ConversionSagaDefinition : SagaEndpointDefinition<ConversionState>
{
    /// <summary>Sets the endpoint.</summary>
    public ConversionSagaDefinition() => EndpointName = "orchestrator-conversion";
}
