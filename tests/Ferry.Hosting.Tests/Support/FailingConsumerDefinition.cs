using Ferry.Contracts.Capture;
using Ferry.Hosting.Bus;

namespace Ferry.Hosting.Tests.Support;

/// <summary>The failing consumer as a service would have it.</summary>
internal sealed class FailingConsumerDefinition : CommandConsumerDefinition<FailingConsumer, CaptureMachine>;
