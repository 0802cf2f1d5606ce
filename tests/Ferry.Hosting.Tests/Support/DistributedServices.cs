using Ferry.TestServices;

namespace Ferry.Hosting.Tests.Support;

/// <summary>A broker and a database server for all distributed tests; a test is skipped where they are missing.</summary>
public sealed class DistributedServices : IAsyncLifetime
{
    public const string Collection = "distributed";
    private RabbitMqServer? rabbitMq;
    private MongoServer? mongo;

    public RabbitMqServer RabbitMq
    {
        get
        {
            Skip.If(RabbitMqServer.Missing);
            return rabbitMq!;
        }
    }

    public MongoServer Mongo
    {
        get
        {
            Skip.If(MongoServer.Missing);
            return mongo!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (RabbitMqServer.Missing is null && MongoServer.Missing is null)
        {
            rabbitMq = await RabbitMqServer.StartAsync();
            mongo = await MongoServer.StartAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (rabbitMq is not null)
        {
            await rabbitMq.DisposeAsync();
        }

        if (mongo is not null)
        {
            await mongo.DisposeAsync();
        }
    }
}
