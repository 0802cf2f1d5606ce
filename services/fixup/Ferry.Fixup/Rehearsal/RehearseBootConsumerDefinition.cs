using Ferry.Contracts.Fixup;
using Ferry.Hosting.Bus;

namespace Ferry.Fixup.Rehearsal;

/// <summary>Queue and limits of <see cref="RehearseBootConsumer"/>.</summary>
public sealed class RehearseBootConsumerDefinition : CommandConsumerDefinition<RehearseBootConsumer, RehearseBoot>;
