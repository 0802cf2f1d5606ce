using Ferry.Hosting.Documents.Mongo;
using Ferry.TestServices;
using MongoDB.Driver;

namespace Ferry.Cleanup.Tests.Store;

/// <summary>One MongoDB (or its emulator) for a class; every test has a database of its own.</summary>
public sealed class MongoDocuments : IAsyncLifetime
{
    private MongoServer? server;
    private MongoClient? client;

    public MongoDocumentStore NewStore()
    {
        Skip.If(MongoServer.Missing);
        return new MongoDocumentStore(client!.GetDatabase($"{server!.Database}_{Guid.NewGuid():N}"[..60]));
    }

    public async ValueTask InitializeAsync()
    {
        if (MongoServer.Missing is null)
        {
            server = await MongoServer.StartAsync();
            client = new MongoClient(server.ConnectionString);
        }
    }

    public async ValueTask DisposeAsync()
    {
        client?.Dispose();
        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }
}
