using Ferry.Hosting.Documents.Mongo;
using Ferry.Hosting.Documents.Sqlite;
using Ferry.TestServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Xunit;

namespace Ferry.Hosting.Documents.Tests;

public sealed class DocumentStoreExtensionsTests
{
    [Fact]
    public async Task AddDocumentStore_Sqlite_StoreThatWorks()
    {
        using var folder = new TempFolder("store");
        using var app = Build(("Kind", "sqlite"), ("Path", folder.File("deep/er/ferry.db")));

        var store = Assert.IsType<SqliteDocumentStore>(app.Services.GetRequiredService<IDocumentStore>());

        var parcels = store.Collection<ParcelDocument>(new CollectionDefinition("tests.parcels"));
        Assert.True(await parcels.TryInsertAsync(new ParcelDocument { Id = "a" }, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void AddDocumentStore_MongoDb_StoreWithoutAConnectionYet()
    {
        using var app = Build(("Kind", "mongodb"), ("ConnectionString", "mongodb://127.0.0.1:1/"), ("Database", "ferry"));

        Assert.IsType<MongoDocumentStore>(app.Services.GetRequiredService<IDocumentStore>());
    }

    [Theory]
    [InlineData("Path is missing", "Kind", "sqlite")]
    [InlineData("Path is a folder", "Kind", "sqlite", "Path", "/tmp")]
    [InlineData("ConnectionString is missing", "Kind", "mongodb")]
    [InlineData("ConnectionString is missing or not", "Kind", "mongodb", "ConnectionString", "http://u:secret@x")]
    [InlineData("Database is not", "Kind", "mongodb", "ConnectionString", "mongodb://x", "Database", "a/b")]
    [InlineData("neither", "Kind", "7")]
    public async Task StartAsync_WrongOptions_AllNamedAndNoSecretShown(string expected, params string[] settings)
    {
        using var app = Build([.. settings.Chunk(2).Select(pair => (pair[0], pair[1]))]);

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }

    private static IHost Build(params (string Name, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(
            settings.Select(s => KeyValuePair.Create<string, string?>($"{DocumentStoreOptions.SectionName}:{s.Name}", s.Value)));
        builder.AddDocumentStore();
        return builder.Build();
    }
}
