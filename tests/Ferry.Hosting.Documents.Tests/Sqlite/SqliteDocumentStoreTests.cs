using Ferry.Hosting.Documents.Sqlite;
using Ferry.TestServices;

namespace Ferry.Hosting.Documents.Tests.Sqlite;

public sealed class SqliteDocumentStoreTests : DocumentStoreContract
{
    private readonly TempFolder _folder = new("sqlite");
    private readonly List<SqliteDocumentStore> _stores = [];

    protected override ValueTask<IDocumentStore> OpenAsync()
    {
        var store = new SqliteDocumentStore(_folder.File("state/ferry.db"));
        _stores.Add(store);
        return new(store);
    }

    protected override ValueTask CloseAsync()
    {
        _stores.ForEach(store => store.Dispose());
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
