using Ferry.Hosting.Documents;
using Ferry.Hosting.Documents.Mongo;
using Ferry.Hosting.Jobs;
using Ferry.TestServices;
using MongoDB.Driver;

namespace Ferry.EndToEnd.Tests.Distributed;

/// <summary>Looks into the services' collections, past the services.</summary>
internal static class StoredDocuments
{
    /// <summary>The slices that a service has proven for a conversion.</summary>
    public static Task<IReadOnlyList<SliceDocument>> SlicesAsync(MongoServer mongo, string service, Guid conversion) =>
        FindAsync<SliceDocument>(mongo, $"{service}.slices", slice => slice.ConversionId == conversion);

    /// <summary>The jobs of a conversion that a service has.</summary>
    public static Task<IReadOnlyList<JobDocument>> JobsAsync(MongoServer mongo, string service, Guid conversion) =>
        FindAsync<JobDocument>(mongo, $"{service}.jobs", job => job.ConversionId == conversion);

    private static async Task<IReadOnlyList<T>> FindAsync<T>(MongoServer mongo, string collection, Func<T, bool> which) where T : class, IDocument
    {
        using var client = new MongoClient(mongo.ConnectionString);
        var documents = new MongoDocumentStore(client.GetDatabase(mongo.Database)).Collection<T>(new CollectionDefinition(collection));
        return [.. (await documents.QueryAsync(DocumentQuery.All, TestContext.Current.CancellationToken)).Where(which)];
    }
}
