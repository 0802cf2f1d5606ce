using Ferry.Hosting.Documents.Sqlite;
using Ferry.TestServices;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Ferry.Hosting.Documents.Tests.Sqlite;

/// <summary>What other programs see of the file, and how the store lives with them.</summary>
public sealed class SqliteFileTests : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private static readonly CollectionDefinition Definition = new("tests.parcels", ["state", "priority"]);

    private readonly TempFolder _folder = new("sqlite");
    private readonly SqliteDocumentStore _store;
    private readonly IDocumentCollection<ParcelDocument> _parcels;

    public SqliteFileTests()
    {
        _store = new SqliteDocumentStore(_folder.File("ferry.db"));
        _parcels = _store.Collection<ParcelDocument>(Definition);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task QueryAsync_IndexedFields_TheIndexIsUsed()
    {
        Assert.True(await _parcels.TryInsertAsync(new ParcelDocument { Id = "a" }, Token));
        var statement = new SqliteStatement().Add("EXPLAIN QUERY PLAN SELECT id FROM \"tests.parcels\"")
            .AddWhere(DocumentQuery.Where("state", ParcelState.Queued).And("priority", Comparison.Less, 3));
        using var session = new SqliteSession(_folder.File("ferry.db"));

        var plan = session.Read(statement, row => row.GetString(3), Token);

        Assert.Contains("INDEX tests.parcels:state,priority", Assert.Single(plan), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TryInsertAsync_EveryCommit_IsSyncedAndInWal()
    {
        Assert.True(await _parcels.TryInsertAsync(new ParcelDocument { Id = "a" }, Token));
        using var session = new SqliteSession(_folder.File("ferry.db"));

        Assert.Equal(2, Assert.Single(session.Read(new SqliteStatement().Add("PRAGMA synchronous"), row => row.GetInt32(0), Token)));
        Assert.Equal("wal", Assert.Single(session.Read(new SqliteStatement().Add("PRAGMA journal_mode"), row => row.GetString(0), Token)));
    }

    [Fact]
    public async Task TryInsertAsync_AnotherProcessHoldsTheFile_WaitsAndSucceeds()
    {
        Skip.UnlessFiles("python3", Python);
        Assert.True(await _parcels.TryInsertAsync(new ParcelDocument { Id = "a", Name = "ä" }, Token));
        const string script = """
            import json, sqlite3, sys, time
            db = sqlite3.connect(sys.argv[1], isolation_level=None)
            body = json.loads(db.execute('SELECT body FROM "tests.parcels"').fetchone()[0])
            db.execute('BEGIN IMMEDIATE')
            print('holds the file with', body['name'], body['state'], body['version'], flush=True)
            time.sleep(2.5)
            db.execute('COMMIT')
            """;
        await using var other = await ExternalProcess.StartAsync(Python, ["-c", script, _folder.File("ferry.db")]);
        await other.WaitForOutputAsync("holds the file with ä Queued 1", TimeSpan.FromSeconds(30), Token);
        var started = TimeProvider.System.GetTimestamp();

        Assert.True(await _parcels.TryInsertAsync(new ParcelDocument { Id = "b" }, Token));

        Assert.True(TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromSeconds(1));
        Assert.Equal(0, await other.WaitForExitAsync(Token));
    }

    [Fact]
    public async Task TryInsertAsync_CancelledWhileAnotherHoldsTheFile_EndsSoon()
    {
        Assert.True(await _parcels.TryInsertAsync(new ParcelDocument { Id = "a" }, Token));
        using var other = new SqliteSession(_folder.File("ferry.db"));
        other.Execute("BEGIN IMMEDIATE");
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        cancel.CancelAfter(200);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _parcels.TryInsertAsync(new ParcelDocument { Id = "b" }, cancel.Token).AsTask());

        other.Execute("ROLLBACK");
        Assert.Equal(1, await _parcels.CountAsync(DocumentQuery.All, Token));
    }

    [Fact]
    public async Task GetAsync_NotADatabase_StoreExceptionWithThePath()
    {
        await File.WriteAllTextAsync(_folder.File("text.db"), new string('x', 5000), Token);
        using var store = new SqliteDocumentStore(_folder.File("text.db"));

        var error = await Assert.ThrowsAsync<DocumentStoreException>(
            () => store.Collection<ParcelDocument>(Definition).GetAsync("a", Token).AsTask());

        Assert.Contains("text.db", error.Message, StringComparison.Ordinal);
        Assert.IsType<SqliteException>(error.InnerException);
    }

    [Fact]
    public async Task Dispose_Again_NoFileStaysOpenAndCallsAreRefused()
    {
        Assert.True(await _parcels.TryInsertAsync(new ParcelDocument { Id = "a" }, Token));

        _store.Dispose();
        _store.Dispose();

        Assert.False(File.Exists(_folder.File("ferry.db-wal")), "The log is folded into the file when the last connection closes.");
        await Assert.ThrowsAsync<ObjectDisposedException>(() => _parcels.GetAsync("a", Token).AsTask());
    }
}
