using System.Diagnostics;
using Ferry.Hosting.Documents.Sqlite;
using Ferry.TestServices;
using Xunit;

namespace Ferry.Hosting.Documents.Tests;

public sealed class DocumentTelemetryTests
{
    private static readonly CollectionDefinition Definition = new("tests.traced");

    [Fact]
    public async Task AnyCall_InsideOfASpanOnly_MakesOneClientSpan()
    {
        var token = TestContext.Current.CancellationToken;
        using var parents = new ActivitySource($"parents {Guid.NewGuid()}");
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == DocumentTelemetry.SourceName || source == parents,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                lock (spans)
                {
                    spans.Add(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var folder = new TempFolder("traced");
        using var store = new SqliteDocumentStore(folder.File("ferry.db"));
        var parcels = store.Collection<ParcelDocument>(Definition);
        Activity.Current = null;

        await parcels.TryInsertAsync(new ParcelDocument { Id = "polled" }, token);
        using (var parent = parents.StartActivity("work")!)
        {
            await parcels.UpdateFirstAsync(DocumentQuery.All, DocumentUpdate.Set("owner", "me"), token);
            await Assert.ThrowsAsync<ArgumentException>(() => parcels.CountAsync(DocumentQuery.Where("no name", 1), token).AsTask());
        }

        var mine = spans.Where(span => span.GetTagItem("db.collection.name") as string == "tests.traced").ToArray();
        Assert.Equal(["UPDATE tests.traced", "SELECT tests.traced"], mine.Select(span => span.DisplayName));
        Assert.All(mine, span => Assert.Equal((ActivityKind.Client, "sqlite", "work"), (span.Kind, span.GetTagItem("db.system.name"), span.Parent?.DisplayName)));
        Assert.Equal([ActivityStatusCode.Unset, ActivityStatusCode.Error], mine.Select(span => span.Status));
    }
}
