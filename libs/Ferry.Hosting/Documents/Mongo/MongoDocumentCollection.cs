using MongoDB.Bson;
using MongoDB.Driver;

namespace Ferry.Hosting.Documents.Mongo;

/// <summary>One collection of documents. Each operation is one command on one document, so it is atomic.</summary>
internal sealed class MongoDocumentCollection<T>(IMongoCollection<BsonDocument> collection, CollectionDefinition definition) : IDocumentCollection<T>
    where T : class, IDocument
{
    private volatile bool _made;

    /// <inheritdoc/>
    public async ValueTask<T?> GetAsync(string id, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        return Document(await RunAsync(() => collection.Find(ById(id)).FirstOrDefaultAsync(cancellationToken), cancellationToken));
    }

    /// <inheritdoc/>
    public async ValueTask<bool> TryInsertAsync(T document, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(document);
        var bson = JsonBson.ToBson(document, 1);
        var inserted = await RunAsync(() => InsertAsync(bson, cancellationToken), cancellationToken);
        document.Version = inserted ? 1 : document.Version;
        return inserted;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> TryReplaceAsync(T document, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(document);
        var version = document.Version;
        var bson = JsonBson.ToBson(document, version + 1);
        var filter = ById(document.Id).Add("version", version);
        var result = await RunAsync(() => collection.ReplaceOneAsync(filter, bson, cancellationToken: cancellationToken), cancellationToken);
        if (result.MatchedCount == 0)
        {
            return false;
        }

        document.Version = version + 1;
        return true;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(string id, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        var result = await RunAsync(() => collection.DeleteOneAsync(ById(id), cancellationToken), cancellationToken);
        return result.DeletedCount > 0;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<T>> QueryAsync(DocumentQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var find = collection.Find(MongoStatement.Filter(query)).Sort(MongoStatement.Sort(query)).Skip(query.SkipCount);
        if (query.LimitCount > 0)
        {
            find = find.Limit(query.LimitCount);
        }

        var found = await RunAsync(() => find.ToListAsync(cancellationToken), cancellationToken);
        return found.ConvertAll(bson => Document(bson)!);
    }

    /// <inheritdoc/>
    public async ValueTask<long> CountAsync(DocumentQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var filter = MongoStatement.Filter(query);
        return await RunAsync(() => collection.CountDocumentsAsync(filter, cancellationToken: cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<T?> UpdateFirstAsync(DocumentQuery query, DocumentUpdate update, CancellationToken cancellationToken = default)
    {
        DocumentUpdates.RefuseWindow(query, nameof(UpdateFirstAsync));
        DocumentUpdates.Validate(update);
        var filter = MongoStatement.Filter(query);
        var change = MongoStatement.Update(update);
        var options = new FindOneAndUpdateOptions<BsonDocument> { Sort = MongoStatement.Sort(query), ReturnDocument = ReturnDocument.After };
        return Document(await RunAsync(() => collection.FindOneAndUpdateAsync<BsonDocument?>(filter, change, options!, cancellationToken), cancellationToken));
    }

    /// <inheritdoc/>
    public async ValueTask<long> DeleteManyAsync(DocumentQuery query, CancellationToken cancellationToken = default)
    {
        DocumentUpdates.RefuseWindow(query, nameof(DeleteManyAsync));
        var filter = MongoStatement.Filter(query);
        var result = await RunAsync(() => collection.DeleteManyAsync(filter, cancellationToken), cancellationToken);
        return result.DeletedCount;
    }

    private static BsonDocument ById(string id) => new("_id", id);

    private async Task<bool> InsertAsync(BsonDocument bson, CancellationToken cancellationToken)
    {
        try
        {
            await collection.InsertOneAsync(bson, cancellationToken: cancellationToken);
            return true;
        }
        catch (MongoWriteException e) when (e.WriteError?.Category == ServerErrorCategory.DuplicateKey)
        {
            return false;
        }
    }

    private async Task<TResult> RunAsync<TResult>(Func<Task<TResult>> call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!_made)
        {
            await MongoErrors.GuardAsync(definition.Name, () => MakeAsync(cancellationToken));
        }

        return await MongoErrors.GuardAsync(definition.Name, call);
    }

    // Several callers may come here at once, in one process and in many: making an index that is there changes nothing.
    private async Task<bool> MakeAsync(CancellationToken cancellationToken)
    {
        if (definition.Indexes.Count > 0)
        {
            var models = definition.Indexes.Select(index => new CreateIndexModel<BsonDocument>(
                new BsonDocument(index.Select(field => new BsonElement(MongoStatement.Name(field), 1)))));
            await collection.Indexes.CreateManyAsync(models, cancellationToken);
        }

        return _made = true;
    }

    private T? Document(BsonDocument? bson) => bson is null ? null : JsonBson.FromBson<T>(bson, definition.Name);
}
