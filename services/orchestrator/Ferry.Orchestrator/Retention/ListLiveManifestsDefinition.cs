using Ferry.Hosting.Bus;

namespace Ferry.Orchestrator.Retention;

/// <summary>Queue of <see cref="ListLiveManifestsConsumer"/>.</summary>
public sealed class ListLiveManifestsDefinition() : EventConsumerDefinition<ListLiveManifestsConsumer>("orchestrator");
