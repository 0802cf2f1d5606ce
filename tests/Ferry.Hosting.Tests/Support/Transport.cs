using Ferry.TestServices;

namespace Ferry.Hosting.Tests.Support;

/// <summary>The bus and the store of a test, and options that suit tests.</summary>
public sealed class Transport : IDisposable
{
    private readonly TempFolder folder = new();

    /// <summary>In-memory bus and SQLite.</summary>
    public Transport() => Settings = new Dictionary<string, string?>
    {
        ["Ferry:Bus:Kind"] = "memory",
        ["Ferry:Store:Kind"] = "sqlite",
        ["Ferry:Store:Path"] = folder.File("ferry.db"),
        ["Ferry:Jobs:LeaseSeconds"] = "2",
        ["Ferry:Jobs:RenewSeconds"] = "0.5",
        ["Ferry:Jobs:PollSeconds"] = "0.05",
        ["Ferry:Jobs:RetryBaseSeconds"] = "0.05",
        ["Ferry:Outbox:SweepSeconds"] = "0.1",
        ["Ferry:Outbox:MinAgeSeconds"] = "0.3",
    };

    /// <summary>RabbitMQ, and MongoDB with a database of its own.</summary>
    internal Transport(DistributedServices services)
        : this()
    {
        Settings["Ferry:Bus:Kind"] = "rabbitmq";
        Settings["Ferry:Bus:Uri"] = services.RabbitMq.Uri.ToString();
        Settings["Ferry:Store:Kind"] = "mongodb";
        Settings["Ferry:Store:ConnectionString"] = services.Mongo.ConnectionString;
        Settings["Ferry:Store:Database"] = $"ferry_test_{Guid.NewGuid():N}";
    }

    public Dictionary<string, string?> Settings { get; }

    public void Dispose() => folder.Dispose();
}
