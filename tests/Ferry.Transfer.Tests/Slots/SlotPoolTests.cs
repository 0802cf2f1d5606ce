using Ferry.Contracts.Transfer;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Jobs;
using Ferry.Hosting.Outbox;
using Ferry.Transfer.Bandwidth;
using Ferry.Transfer.Jobs;
using Ferry.Transfer.Slots;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Ferry.Transfer.Tests.Slots;

/// <summary>The slots, on both stores.</summary>
public abstract class SlotPoolTests(TimeProvider time) : IDisposable
{
    private const string Host = "source:443";
    private readonly TransferOptions options = new() { MaxConnections = 3, MaxConnectionsPerHost = 2 };
    private readonly BandwidthScheduler scheduler = new(time);
    private LimitsKeeper? limits;
    private MemoryOutbox? outbox;
    private SlotPool? pool;

    /// <summary>The store, empty.</summary>
    protected abstract IDocumentStore Store { get; }

    /// <summary>Lets the leases of now run out.</summary>
    protected abstract Task LetLeasesEndAsync(TimeSpan lease);

    private protected virtual double LeaseSeconds => 45;

    private SlotPool Pool => pool ??= Create();

    private MemoryOutbox Jobs => outbox ??= new MemoryOutbox(Store.Collection<TransferJobDocument>(TransferJobDocument.Collection));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        scheduler.Dispose();
        limits?.Dispose();
    }

    [Fact]
    public async Task Take_MoreThanThereAre_SaysWhereNoneIsFree()
    {
        var (first, second, third) = (Job(), Job(), Job());

        Assert.NotNull((await Pool.TryTakeAsync(first, Host, Stop)).Lease);
        Assert.NotNull((await Pool.TryTakeAsync(second, Host, Stop)).Lease);
        Assert.Equal((null, Host), await Pool.TryTakeAsync(third, Host, Stop));
        Assert.NotNull((await Pool.TryTakeAsync(third, "other:443", Stop)).Lease);
        Assert.Equal((null, SlotPool.Everywhere), await Pool.TryTakeAsync(third, "third:443", Stop));
    }

    [Fact]
    public async Task Take_AtOnceByMany_NeverGivesMoreThanThereAre()
    {
        var taken = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(async () => (await Pool.TryTakeAsync(Job(), Host, Stop)).Lease)));

        Assert.Equal(2, taken.Count(lease => lease is not null));
    }

    [Fact]
    public async Task GiveBack_MakesItFree_Once()
    {
        var lease = (await Pool.TryTakeAsync(Job(), Host, Stop)).Lease!;
        await Pool.TryTakeAsync(Job(), Host, Stop);

        await Pool.GiveBackAsync(lease, Stop);
        await Pool.GiveBackAsync(lease, Stop);

        Assert.NotNull((await Pool.TryTakeAsync(Job(), Host, Stop)).Lease);
        await Pool.GiveBackAsync(lease, Stop);
        Assert.Null((await Pool.TryTakeAsync(Job(), Host, Stop)).Lease);
    }

    [Fact]
    public async Task Lease_ThatRanOut_IsTakenByAnother_AndTheFormerHolderLearnsIt()
    {
        var lease = (await Pool.TryTakeAsync(Job(), Host, Stop)).Lease!;
        await Pool.TryTakeAsync(Job(), Host, Stop);
        await Pool.RenewAsync(lease, Stop);
        Assert.False(lease.Revoked);

        await LetLeasesEndAsync(TimeSpan.FromSeconds(LeaseSeconds));
        Assert.NotNull((await Pool.TryTakeAsync(Job(), Host, Stop)).Lease);
        await Pool.RenewAsync(lease, Stop);

        Assert.True(lease.Revoked);
    }

    [Fact]
    public async Task Take_PastAWaitingJob_IsNotPossible()
    {
        await WaitsAsync(Job(TransferPriority.High));
        var older = await WaitsAsync(Job());

        Assert.Equal((null, Host), await Pool.TryTakeAsync(Job(), Host, Stop));
        Assert.Equal((null, Host), await Pool.TryTakeAsync(older, Host, Stop));
        Assert.NotNull((await Pool.TryTakeAsync(Job(TransferPriority.Foreground), Host, Stop)).Lease);
    }

    [Theory]
    [InlineData(TransferPriority.High, 1, true)]
    [InlineData(TransferPriority.Normal, 2, true)]
    [InlineData(TransferPriority.Normal, 1, false)]
    [InlineData(TransferPriority.Low, 2, false)]
    public async Task IsNeeded_ByAWaitingJob_DependsOnPriorityAndShare(TransferPriority waiting, int held, bool expected)
    {
        var holder = Job();
        await WaitsAsync(Job(waiting));

        Assert.Equal(expected, await Pool.IsNeededAsync(holder, Host, held, await Store.GetTimeAsync(Stop), Stop));
    }

    [Fact]
    public async Task IsNeeded_TheTurnIsOver_TheLastOneIsGivenAway()
    {
        await WaitsAsync(Job());

        Assert.True(await Pool.IsNeededAsync(Job(), Host, 1, await Store.GetTimeAsync(Stop) - options.TurnTime - TimeSpan.FromSeconds(1), Stop));
    }

    private static TransferJobDocument Job(TransferPriority priority = TransferPriority.Normal) => new()
    {
        Id = TransferJobDocument.IdOf(Guid.NewGuid()), Name = "job", Owner = "", Files = [], Priority = priority, CreatedAt = DateTimeOffset.UnixEpoch,
    };

    private async Task<TransferJobDocument> WaitsAsync(TransferJobDocument job)
    {
        (job.WaitsForSlot, job.SlotWaitSince, job.SlotWaitUntil) = (Host, await Store.GetTimeAsync(Stop), await Store.GetTimeAsync(Stop) + TimeSpan.FromMinutes(1));
        Assert.True(await Jobs.Documents.TryInsertAsync(job, Stop));
        return job;
    }

    private SlotPool Create()
    {
        limits = new LimitsKeeper(new LimitsStore(Store, null!), scheduler, Store, time, NullLogger<LimitsKeeper>.Instance);
        return new SlotPool(Store, new TransferJobStore(Jobs, Store, time), limits, Options.Create(options), Options.Create(new JobOptions { LeaseSeconds = LeaseSeconds }));
    }

    private sealed class MemoryOutbox(IDocumentCollection<TransferJobDocument> documents) : IOutbox<TransferJobDocument>
    {
        public IDocumentCollection<TransferJobDocument> Documents => documents;

        public Task DispatchAsync(TransferJobDocument document, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
