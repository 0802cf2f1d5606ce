namespace Ferry.Cleanup.Tests.Store;

/// <summary>On MongoDB.</summary>
public sealed class MongoGarbageCollectionTests(MongoDocuments documents) : GarbageCollectionTests(new StoreCare(documents.NewStore())), IClassFixture<MongoDocuments>;
