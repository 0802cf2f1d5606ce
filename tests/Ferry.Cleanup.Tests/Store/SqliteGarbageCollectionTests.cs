namespace Ferry.Cleanup.Tests.Store;

/// <summary>On SQLite.</summary>
public sealed class SqliteGarbageCollectionTests() : GarbageCollectionTests(new StoreCare());
