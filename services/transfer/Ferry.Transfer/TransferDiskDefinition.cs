using Ferry.Contracts.Transfer;
using Ferry.Hosting.Bus;

namespace Ferry.Transfer;

/// <summary>Queue of <see cref="TransferDiskConsumer"/>.</summary>
public sealed class TransferDiskDefinition : CommandConsumerDefinition<TransferDiskConsumer, TransferDisk>;
