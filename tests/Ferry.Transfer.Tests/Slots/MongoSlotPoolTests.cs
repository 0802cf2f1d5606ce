using Ferry.Hosting.Documents;
using Ferry.Hosting.Documents.Mongo;
using Ferry.TestServices;
using MongoDB.Driver;

namespace Ferry.Transfer.Tests.Slots;

/// <summary>On the MongoDB driver: against the emulator this says nothing about MongoDB's own concurrency.</summary>
public sealed class MongoSlotPoolTests(MongoSlotPoolTests.Server server) : SlotPoolTests(TimeProvider.System), IClassFixture<MongoSlotPoolTests.Server>
{
    private MongoClient? client;
    private MongoDocumentStore? store;

    protected override IDocumentStore Store
    {
        get
        {
            Skip.If(MongoServer.Missing);
            client ??= new MongoClient(server.Mongo!.ConnectionString);
            return store ??= new MongoDocumentStore(client.GetDatabase($"ferry_test_{Guid.NewGuid():N}"));
        }
    }

    private protected override double LeaseSeconds => 1;

    protected override async Task LetLeasesEndAsync(TimeSpan lease)
    {
        // The store's clock is its own: the time has to pass.
        using var timer = new PeriodicTimer(lease + TimeSpan.FromMilliseconds(200));
        await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        client?.Dispose();
    }

    public sealed class Server : IAsyncLifetime
    {
        public MongoServer? Mongo { get; private set; }

        public async ValueTask InitializeAsync() => Mongo = MongoServer.Missing is null ? await MongoServer.StartAsync() : null;

        public async ValueTask DisposeAsync()
        {
            if (Mongo is not null)
            {
                await Mongo.DisposeAsync();
            }
        }
    }
}
