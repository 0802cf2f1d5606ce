using Ferry.Hosting.Tests.Support;

namespace Ferry.Hosting.Tests.Ledger;

/// <summary>On the in-memory bus and SQLite.</summary>
public sealed class MemoryReconcilerTests() : ReconcilerTests(new Transport());
