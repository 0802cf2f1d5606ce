using Ferry.Hosting.Bus;

namespace Ferry.Orchestrator.Residues;

/// <summary>Queue of <see cref="ResourcesHeldConsumer"/>.</summary>
public sealed class ResourcesHeldDefinition() : EventConsumerDefinition<ResourcesHeldConsumer>("orchestrator");
