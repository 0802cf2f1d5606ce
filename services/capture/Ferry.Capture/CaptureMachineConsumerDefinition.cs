using Ferry.Contracts.Capture;
using Ferry.Hosting.Bus;

namespace Ferry.Capture;

/// <summary>Queue and concurrency of <see cref="CaptureMachineConsumer"/>.</summary>
public sealed class CaptureMachineConsumerDefinition : CommandConsumerDefinition<CaptureMachineConsumer, CaptureMachine>;
