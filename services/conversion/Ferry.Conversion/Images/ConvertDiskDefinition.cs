using Ferry.Contracts.Conversion;
using Ferry.Hosting.Bus;

namespace Ferry.Conversion.Images;

/// <summary>Queue of <see cref="ConvertDiskConsumer"/>.</summary>
public sealed class ConvertDiskDefinition : CommandConsumerDefinition<ConvertDiskConsumer, ConvertDisk>;
