using Ferry.Contracts.Conversion;
using Ferry.Hosting.Bus;

namespace Ferry.Conversion.Preflight;

/// <summary>Queue of <see cref="CheckTargetConsumer"/>.</summary>
public sealed class CheckTargetDefinition : CommandConsumerDefinition<CheckTargetConsumer, CheckTarget>;
