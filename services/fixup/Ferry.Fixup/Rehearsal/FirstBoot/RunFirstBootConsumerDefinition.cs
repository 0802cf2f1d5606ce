using Ferry.Contracts.Fixup;
using Ferry.Hosting.Bus;

namespace Ferry.Fixup.Rehearsal.FirstBoot;

/// <summary>Queue and limits of <see cref="RunFirstBootConsumer"/>.</summary>
public sealed class RunFirstBootConsumerDefinition : CommandConsumerDefinition<RunFirstBootConsumer, RunFirstBoot>;
