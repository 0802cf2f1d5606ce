using Ferry.Hosting.Documents.Mongo;
using Ferry.TestServices;
using MongoDB.Driver;
using Xunit;

namespace Ferry.Hosting.Documents.Tests.Mongo;

public sealed class MongoDocumentStoreTests(MongoServerFixture fixture) : DocumentStoreContract, IClassFixture<MongoServerFixture>
{
    private readonly List<MongoClient> _clients = [];

    protected override ValueTask<IDocumentStore> OpenAsync()
    {
        Skip.If(MongoServer.Missing);
        var client = new MongoClient(fixture.Server!.ConnectionString);
        _clients.Add(client);
        return new(new MongoDocumentStore(client.GetDatabase(fixture.Server.Database)));
    }

    protected override ValueTask CloseAsync()
    {
        _clients.ForEach(client => client.Dispose());
        return ValueTask.CompletedTask;
    }
}
