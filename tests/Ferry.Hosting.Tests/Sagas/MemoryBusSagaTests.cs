namespace Ferry.Hosting.Tests.Sagas;

/// <summary>On the in-memory bus and SQLite.</summary>
public sealed class MemoryBusSagaTests : DocumentSagaTests;
