using Ferry.Hosting.Documents.Mongo;
using Ferry.TestServices;
using MongoDB.Bson;
using MongoDB.Driver;
using Xunit;

namespace Ferry.Hosting.Documents.Tests.Mongo;

public sealed class MongoDocumentStoreCrashTests
{
    private static readonly CollectionDefinition Definition = new("tests.crash", ["state"]);

    [Fact]
    public async Task AnyWrite_ServerKilledAndStartedAgain_EveryConfirmedChangeIsThere()
    {
        Skip.If(MongoServer.Missing);
        var token = TestContext.Current.CancellationToken;
        await using var server = await MongoServer.StartAsync(token);
        Assert.SkipUnless(server.IsEmulator, "A real server is not killed by tests.");
        using var client = new MongoClient(server.ConnectionString);
        var parcels = new MongoDocumentStore(client.GetDatabase(server.Database)).Collection<ParcelDocument>(Definition);
        foreach (var id in (string[])["claimed", "replaced", "deleted", "kept"])
        {
            Assert.True(await parcels.TryInsertAsync(new ParcelDocument { Id = id }, token));
        }

        var claimed = await parcels.UpdateFirstAsync(DocumentQuery.Where("id", "claimed"), DocumentUpdate.Set("owner", "me").AndIncrement("epoch", 1), token);
        var replaced = (await parcels.GetAsync("replaced", token))!;
        replaced.Weight = (1L << 53) + 1;
        Assert.True(await parcels.TryReplaceAsync(replaced, token));
        Assert.True(await parcels.DeleteAsync("deleted", token));

        await server.RestartAsync(token);

        Assert.Equivalent(claimed, await GetAsync("claimed"), strict: true);
        Assert.Equivalent(replaced, await GetAsync("replaced"), strict: true);
        Assert.Null(await GetAsync("deleted"));
        Assert.False(await parcels.TryInsertAsync(new ParcelDocument { Id = "kept" }, token));
        var indexes = await (await client.GetDatabase(server.Database).GetCollection<BsonDocument>(Definition.Name).Indexes.ListAsync(token)).ToListAsync(token);
        Assert.Contains(indexes, index => index["key"].AsBsonDocument.Contains("state"));

        // The first call may meet a connection that ended with the server; the store says so and does not guess.
        async Task<ParcelDocument?> GetAsync(string id)
        {
            for (var tries = 0; ; tries++)
            {
                try
                {
                    return await parcels.GetAsync(id, token);
                }
                catch (DocumentStoreException) when (tries < 5)
                {
                    await Task.Delay(100, token);
                }
            }
        }
    }

    [Fact]
    public async Task AnyCall_NoServer_StoreExceptionAndNoPasswordInIt()
    {
        var token = TestContext.Current.CancellationToken;
        var url = $"mongodb://user:secret@127.0.0.1:{FreePort.Next()}/?serverSelectionTimeoutMS=300";
        using var client = new MongoClient(url);
        var parcels = new MongoDocumentStore(client.GetDatabase("none")).Collection<ParcelDocument>(Definition);

        var error = await Assert.ThrowsAsync<DocumentStoreException>(() => parcels.GetAsync("a", token).AsTask());

        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }
}
