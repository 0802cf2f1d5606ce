using Ferry.Hosting.Tests.Support;

namespace Ferry.Hosting.Tests.Outbox;

/// <summary>On the in-memory bus and SQLite.</summary>
public sealed class MemoryOutboxTests() : OutboxTests(new Transport());
