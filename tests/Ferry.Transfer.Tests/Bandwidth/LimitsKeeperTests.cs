using Ferry.Contracts.Transfer;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Documents.Sqlite;
using Ferry.Testing;
using Ferry.Transfer.Bandwidth;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Ferry.Transfer.Tests.Bandwidth;

/// <summary>Several replicas on one store.</summary>
public sealed class LimitsKeeperTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 27, 17, 59, 58, TimeSpan.Zero)); // A Friday.
    private readonly SqliteDocumentStore store;
    private readonly List<IDisposable> replicas = [];

    public LimitsKeeperTests() => store = new SqliteDocumentStore(folder.At("documents.db"), time);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        replicas.ForEach(replica => replica.Dispose());
        store.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Replicas_ThatUseALimit_ShareIt_AndOneThatEndsOrDies_GivesItsShareBack()
    {
        await LimitAsync("8 MB/s");
        var (one, first) = Replica();
        var (two, second) = Replica();
        var (idle, third) = Replica();
        one.Begin(TransferPriority.Normal, ["global"]);
        var flow = two.Begin(TransferPriority.Normal, ["global"]);
        await RoundAsync(first, second, third);
        await RoundAsync(first, second);
        Assert.Equal((4e6, 4e6, null), (one.RateOf("global"), two.RateOf("global"), idle.RateOf("global")));

        two.End(flow);
        await RoundAsync(second, first);
        Assert.Equal(8e6, one.RateOf("global"));

        two.Begin(TransferPriority.Normal, ["global"]);
        await RoundAsync(second, first);
        Assert.Equal(4e6, one.RateOf("global"));
        time.Advance(TimeSpan.FromSeconds(6)); // It has died.
        await RoundAsync(first);
        Assert.Equal(8e6, one.RateOf("global"));
    }

    [Fact]
    public async Task Window_Begins_TheRateFollows()
    {
        await LimitAsync("18:00-08:00: unlimited", "1 MB/s");
        var (scheduler, keeper) = Replica();
        scheduler.Begin(TransferPriority.Normal, ["global"]);

        await RoundAsync(keeper);
        Assert.Equal(1e6, scheduler.RateOf("global"));
        time.Advance(TimeSpan.FromSeconds(2));
        await RoundAsync(keeper);
        Assert.Null(scheduler.RateOf("global"));
    }

    [Fact]
    public async Task RatesInForce_AreMeasured_WhetherTheyAreUsedOrNot()
    {
        const string series = "ferry.transfer.limit ferry.limit=link:measured";
        using var meter = new MeterProbe(TransferTelemetry.SourceName);
        var limits = new TransferLimits
        {
            Revision = 1, Links = new Dictionary<string, BandwidthLimit> { ["measured"] = new() { Rules = ["18:00-08:00: unlimited", "1 MB/s"] } },
        };
        Assert.True(await store.Collection<LimitsDocument>(LimitsDocument.Collection).TryInsertAsync(new LimitsDocument { Json = LimitsDocument.Write(limits) }, Stop));
        var (_, keeper) = Replica();

        // Keepers of other tests in this process say theirs in between.
        var seen = await Eventually.GetAsync(
            async () =>
            {
                await RoundAsync(keeper);
                return meter.Observe().GetValueOrDefault(series);
            },
            rate => rate > 0,
            "the limit is in force");
        Assert.Equal(1e6, seen);
        time.Advance(TimeSpan.FromSeconds(2));
        await RoundAsync(keeper);
        Assert.DoesNotContain(series, meter.Observe().Keys);
    }

    private static async Task RoundAsync(params LimitsKeeper[] keepers)
    {
        foreach (var keeper in keepers)
        {
            await keeper.RefreshAsync(Stop);
        }
    }

    private async Task LimitAsync(params string[] rules) => Assert.True(await store.Collection<LimitsDocument>(LimitsDocument.Collection).TryInsertAsync(
        new LimitsDocument { Json = LimitsDocument.Write(new TransferLimits { Revision = 1, Global = new BandwidthLimit { Rules = rules } }) }, Stop));

    private (BandwidthScheduler Scheduler, LimitsKeeper Keeper) Replica()
    {
        var scheduler = new BandwidthScheduler(time);
        var keeper = new LimitsKeeper(new LimitsStore(store, null!), scheduler, store, time, NullLogger<LimitsKeeper>.Instance);
        replicas.AddRange([scheduler, keeper]);
        return (scheduler, keeper);
    }
}
