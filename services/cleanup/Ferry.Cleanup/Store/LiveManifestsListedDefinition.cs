using Ferry.Hosting.Bus;

namespace Ferry.Cleanup.Store;

/// <summary>Queue of <see cref="LiveManifestsListedConsumer"/>.</summary>
public sealed class LiveManifestsListedDefinition() : EventConsumerDefinition<LiveManifestsListedConsumer>("cleanup");
