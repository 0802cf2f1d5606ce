using Ferry.Hosting.Tests.Support;

namespace Ferry.Hosting.Tests.Jobs;

/// <summary>On the in-memory bus and SQLite.</summary>
public sealed class MemoryHoldTests() : HoldTests(new Transport());
