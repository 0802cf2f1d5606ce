using Ferry.Hosting.Bus;

namespace Ferry.Transfer.Library;

/// <summary>Queue of <see cref="LibraryConsumer"/>.</summary>
public sealed class LibraryDefinition() : EventConsumerDefinition<LibraryConsumer>("transfer");
