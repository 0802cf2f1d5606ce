using Ferry.Contracts.Cleanup;
using Ferry.Hosting.Bus;

namespace Ferry.Cleanup;

/// <summary>Queue of <see cref="CleanUpConversionConsumer"/>.</summary>
public sealed class CleanUpConversionDefinition : CommandConsumerDefinition<CleanUpConversionConsumer, CleanUpConversion>;
