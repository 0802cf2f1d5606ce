using MongoDB.Bson;
using MongoDB.Driver;

namespace Ferry.Hosting.Documents.Mongo;

/// <summary>Documents in MongoDB: a single server or a replica set, by operations on single documents only (no transactions, no change streams).</summary>
/// <remarks>Writes are confirmed by the majority. Indexes are made at a collection's first use.</remarks>
public sealed class MongoDocumentStore : IDocumentStore
{
    private static readonly BsonDocument Hello = new("hello", 1);
    private static readonly DocumentOperationNames Operations = new(
        "mongodb", "Find", "InsertOne", "ReplaceOne", "DeleteOne", "Find", "CountDocuments", "FindOneAndUpdate", "DeleteMany");

    private readonly IMongoDatabase _database;

    /// <summary>A store in a database. The client belongs to the caller.</summary>
    public MongoDocumentStore(IMongoDatabase database)
    {
        ArgumentNullException.ThrowIfNull(database);
        _database = database.WithWriteConcern(WriteConcern.WMajority).WithReadConcern(ReadConcern.Majority).WithReadPreference(ReadPreference.Primary);
    }

    /// <inheritdoc/>
    public IDocumentCollection<T> Collection<T>(CollectionDefinition definition) where T : class, IDocument
    {
        var name = DocumentNames.Collection(definition).Name;
        var inner = new MongoDocumentCollection<T>(_database.GetCollection<BsonDocument>(name), definition);
        return new TracedDocumentCollection<T>(inner, name, Operations);
    }

    /// <inheritdoc/>
    public async ValueTask<DateTimeOffset> GetTimeAsync(CancellationToken cancellationToken = default)
    {
        var hello = await MongoErrors.GuardAsync("hello", () => _database.RunCommandAsync<BsonDocument>(Hello, cancellationToken: cancellationToken));
        return new DateTimeOffset(hello["localTime"].ToUniversalTime());
    }
}
