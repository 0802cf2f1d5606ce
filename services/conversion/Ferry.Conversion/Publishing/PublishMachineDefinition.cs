using Ferry.Contracts.Conversion;
using Ferry.Hosting.Bus;

namespace Ferry.Conversion.Publishing;

/// <summary>Queue of <see cref="PublishMachineConsumer"/>.</summary>
public sealed class PublishMachineDefinition : CommandConsumerDefinition<PublishMachineConsumer, PublishMachine>;
