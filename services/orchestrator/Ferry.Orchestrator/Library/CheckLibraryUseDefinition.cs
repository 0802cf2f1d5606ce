using Ferry.Contracts.Library;
using Ferry.Hosting.Bus;

namespace Ferry.Orchestrator.Library;

/// <summary>Queue of <see cref="CheckLibraryUseConsumer"/>.</summary>
public sealed class CheckLibraryUseDefinition : CommandConsumerDefinition<CheckLibraryUseConsumer, CheckLibraryUse>;
