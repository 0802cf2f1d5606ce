using Ferry.TestServices;

namespace Ferry.Transfer.Tests.Uploads;

/// <summary>On the MongoDB driver: against the emulator this says nothing about MongoDB's own concurrency.</summary>
public sealed class MongoUploadJobTests(MongoUploadJobTests.Server server) : UploadJobTests, IClassFixture<MongoUploadJobTests.Server>
{
    protected override (string Key, string Value)[] Store
    {
        get
        {
            Skip.If(MongoServer.Missing);
            return
            [
                ("Ferry:Store:Kind", "MongoDb"), ("Ferry:Store:ConnectionString", server.Mongo!.ConnectionString), ("Ferry:Store:Database", $"ferry_test_{Guid.NewGuid():N}"),
            ];
        }
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
