using Ferry.Hosting.Sagas;

namespace Ferry.Hosting.Tests.Sagas;

internal sealed class TallySagaDefinition : SagaEndpointDefinition<TallyState>
{
    public TallySagaDefinition() => EndpointName = "test-tally";
}
