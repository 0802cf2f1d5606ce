using Ferry.Hosting.Tests.Support;

namespace Ferry.Hosting.Tests.Sagas;

/// <summary>On the in-memory bus and SQLite.</summary>
public sealed class MemoryDocumentSagaTests() : DocumentSagaTests(new Transport());
