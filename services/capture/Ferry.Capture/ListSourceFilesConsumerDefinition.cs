using Ferry.Contracts.Library;
using Ferry.Hosting.Bus;

namespace Ferry.Capture;

/// <summary>Queue and concurrency of <see cref="ListSourceFilesConsumer"/>.</summary>
public sealed class ListSourceFilesConsumerDefinition : CommandConsumerDefinition<ListSourceFilesConsumer, ListSourceFiles>;
