using System.Diagnostics;
using Ferry.Chunks;
using Ferry.Chunks.Manifests;
using Ferry.Chunks.Store;
using Ferry.Contracts.Fixup;
using Ferry.Fixup.Appliance;
using Ferry.Fixup.Engine;
using Ferry.Fixup.Planning;
using Ferry.Fixup.Tests.Engine;
using Ferry.Hosting.Jobs;
using Ferry.Hosting.Library;
using Microsoft.Extensions.Options;

namespace Ferry.Fixup.Tests.Job;

/// <summary>The whole step: manifest, overlay, NBD, appliance, commit.</summary>
public sealed class FixUpGuestHandlerTests(ITestOutputHelper output)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_SampleGuest_CommitsOnceAndOnlyChangedChunks()
    {
        using var scratch = new ScratchFolder();
        var origin = new RawOrigin(SampleGuest.Disk());
        using var chunks = new FolderChunkStore(Path.Combine(scratch.Path, "store"));
        var store = new ManifestStore(chunks);
        var source = await origin.ManifestAsync(store, Token);
        var documents = new OneCollection();
        var job = new FakeJob(Command(source, "hyperv"));
        var watch = Stopwatch.StartNew();

        var done = (GuestFixedUp)await Handler(store, origin, documents).RunAsync(job, Token);

        output.WriteLine($"{watch.Elapsed.TotalSeconds:F1} s; {string.Join(", ", job.Activities)}");
        Assert.NotEqual(source, Assert.Single(done.Manifests));
        Assert.Equal("debian", done.Guest.Distribution);
        Assert.NotEmpty(done.Guest.Changes);
        Assert.Equal(["fixup.launched", "fixup.applying", "fixup.applied", "fixup.committed"], job.Points);
        Assert.Empty(job.Ledger);
        Assert.Single(job.EverInLedger);
        var (same, changed) = await CompareAsync(store, source, done.Manifests[0]);
        output.WriteLine($"{same} chunks unchanged, {changed} changed");
        Assert.True(changed is > 0 and < 200 && same > 3000, $"{changed} changed");

        watch.Restart();
        var again = (GuestFixedUp)await Handler(store, origin, documents).RunAsync(new FakeJob(Command(source, "hyperv")), Token);
        Assert.Equal(done.Manifests, again.Manifests);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), "the first commit is taken without an appliance");
    }

    [Fact]
    public async Task Run_TargetThatNoRuleHandles_IsRefusedAndLeavesNothing()
    {
        using var scratch = new ScratchFolder();
        var origin = new RawOrigin(SampleGuest.Disk());
        using var chunks = new FolderChunkStore(Path.Combine(scratch.Path, "store"));
        var store = new ManifestStore(chunks);
        var job = new FakeJob(Command(await origin.ManifestAsync(store, Token), "openstack"));

        var thrown = await Assert.ThrowsAsync<JobFailedException>(() => Handler(store, origin, new OneCollection()).RunAsync(job, Token));

        Assert.Equal("GUEST_NOT_HANDLED", thrown.Failure.Code);
        Assert.False(thrown.Failure.Retryable);
        Assert.All(job.EverInLedger, place => Assert.False(Directory.Exists(place)));
    }

    private static FixUpGuest Command(string manifest, string target) =>
        new() { ConversionId = Guid.NewGuid(), Attempt = 1, Target = target, Machine = SampleGuest.Machine, Manifests = [manifest] };

    private static FixUpGuestHandler Handler(ManifestStore store, RawOrigin origin, OneCollection documents)
    {
        var options = SampleGuest.Options();
        return new FixUpGuestHandler(store, origin, documents, SampleGuest.Engine(), Offers(options), Options.Create(options));
    }

    private static GuestOffers Offers(ApplianceOptions options) => new(Options.Create(new FirstBootOptions()), Options.Create(options), Options.Create(new LibraryOptions()));

    private static async Task<(int Same, int Changed)> CompareAsync(ManifestStore store, string before, string after)
    {
        var old = await store.OpenAsync(ChunkId.Parse(before), Token);
        var now = await store.OpenAsync(ChunkId.Parse(after), Token);
        var (same, changed) = (0, 0);
        for (var i = 0L; i < old.Header.ChunkCount; i++)
        {
            if (await old.GetAsync(i, Token) == await now.GetAsync(i, Token))
            {
                same++;
            }
            else
            {
                changed++;
            }
        }

        return (same, changed);
    }
}
