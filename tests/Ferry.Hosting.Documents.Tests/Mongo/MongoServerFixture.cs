using Ferry.TestServices;
using Xunit;

namespace Ferry.Hosting.Documents.Tests.Mongo;

/// <summary>One server for all tests of a class; each test has collections of its own.</summary>
public sealed class MongoServerFixture : IAsyncLifetime
{
    public MongoServer? Server { get; private set; }

    public async ValueTask InitializeAsync() => Server = MongoServer.Missing is null ? await MongoServer.StartAsync() : null;

    public async ValueTask DisposeAsync()
    {
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }
    }
}
