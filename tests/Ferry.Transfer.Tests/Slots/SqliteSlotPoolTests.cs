using Ferry.Hosting.Documents;
using Ferry.Hosting.Documents.Sqlite;
using Ferry.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Ferry.Transfer.Tests.Slots;

/// <summary>On SQLite, with a clock that the test moves.</summary>
public sealed class SqliteSlotPoolTests : SlotPoolTests
{
    private readonly TemporaryFolder folder = new();
    private readonly FakeTimeProvider time;
    private readonly SqliteDocumentStore store;

    public SqliteSlotPoolTests()
        : this(new FakeTimeProvider(TimeProvider.System.GetUtcNow()))
    {
    }

    private SqliteSlotPoolTests(FakeTimeProvider time)
        : base(time)
    {
        this.time = time;
        store = new SqliteDocumentStore(folder.At("documents.db"), time);
    }

    protected override IDocumentStore Store => store;

    protected override Task LetLeasesEndAsync(TimeSpan lease)
    {
        time.Advance(lease + TimeSpan.FromSeconds(1));
        return Task.CompletedTask;
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        store.Dispose();
        folder.Dispose();
    }
}
