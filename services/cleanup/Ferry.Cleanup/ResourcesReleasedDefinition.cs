using Ferry.Hosting.Bus;

namespace Ferry.Cleanup;

/// <summary>Queue of <see cref="ResourcesReleasedConsumer"/>.</summary>
public sealed class ResourcesReleasedDefinition() : EventConsumerDefinition<ResourcesReleasedConsumer>("cleanup");
