using Ferry.Contracts.Fixup;
using Ferry.Hosting.Bus;

namespace Ferry.Fixup;

/// <summary>Queue and limits of <see cref="FixUpGuestConsumer"/>.</summary>
public sealed class FixUpGuestConsumerDefinition : CommandConsumerDefinition<FixUpGuestConsumer, FixUpGuest>;
