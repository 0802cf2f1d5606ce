using System.Security.Cryptography;
using Ferry.Contracts.Conversions;

namespace Ferry.EndToEnd.Tests.Distributed;

/// <summary>
/// A worker is stopped with SIGSTOP in the middle of its step for more than two leases, another takes over, and the first goes on (SIGCONT) before or after the
/// conversion has ended: nothing that it does is to be seen.
/// </summary>
[Trait("Tier", "all")]
public sealed class ZombieTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(3);

    [Theory]
    [InlineData("convert.slice.written:2:stop")]
    [InlineData("convert.verify:1:stop")]
    public async Task ConversionWorker_ThatComesBackBehindTheEnd_WritesNothing(string faultPoint)
    {
        await using var ferry = await DistributedFerry.StartAsync("conversion", faultPoint);
        var id = await ferry.SubmitAsync(Request(ferry));
        var zombie = ferry.First("conversion");
        await ferry.UntilAsync(() => zombie.IsStopped, "the worker is stopped");
        var stopped = TimeProvider.System.GetTimestamp();
        await ferry.AddAsync("conversion");

        var view = await ferry.WaitAsync(id);
        Assert.True(view.State == "Completed", $"{view.State}: {view.Failure}\n{ferry.Logs()}");
        await ferry.UntilAsync(() => TimeProvider.System.GetElapsedTime(stopped) > 2 * Lease, "two leases have passed");
        var report = await ferry.ReportAsync(id);
        var before = Snapshot(ferry.File("out"));
        var slices = await ferry.ProvenSlicesAsync("conversion", id);

        await zombie.SignalAsync("CONT");
        await zombie.WaitForLogAsync("LeaseLost", TimeSpan.FromSeconds(30));

        Assert.Equal(before, Snapshot(ferry.File("out")));
        Assert.Equal(slices.Count, (await ferry.ProvenSlicesAsync("conversion", id)).Count);
        Assert.True(report.Steps.Single(step => step.Step == "convert").Epoch >= 2);
        Assert.Equal(report.Disks[0].CapturedDigest, report.Disks[0].ImageDigest);
        Assert.Empty(report.Residue);
    }

    [Fact]
    public async Task PublishingWorker_Stopped_IsReplaced_AndPublishesNothingMore()
    {
        await using var ferry = await DistributedFerry.StartAsync("conversion", "publish.afterRename:1:stop");
        var id = await ferry.SubmitAsync(Request(ferry));
        var zombie = ferry.First("conversion");
        await ferry.UntilAsync(() => zombie.IsStopped, "the worker is stopped");
        await ferry.AddAsync("conversion");
        var view = await ferry.WaitAsync(id);
        Assert.True(view.State == "Completed", $"{view.State}: {view.Failure}\n{ferry.Logs()}");

        // The new worker waits until the old one must have stopped: the takeover is at the lease's end, publishing one lease later.
        var publish = view.Steps.Single(step => step.Step == "publish");
        Assert.True(publish.Epoch >= 2);
        Assert.True(publish.EndedAt - publish.StartedAt > 1.8 * Lease, $"published after {publish.EndedAt - publish.StartedAt}");
        var before = Snapshot(ferry.File("out"));
        await zombie.SignalAsync("CONT");
        await zombie.WaitForLogAsync("LeaseLost", TimeSpan.FromSeconds(30));
        Assert.Equal(before, Snapshot(ferry.File("out")));
    }

    private static ConversionRequest Request(DistributedFerry ferry) =>
        new() { Source = FerryRepository.SampleVm, Target = "hyperv", Output = ferry.File("out"), Fixup = false };

    // Every file below the folder: name, time of the last change, and content.
    private static IReadOnlyList<string> Snapshot(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file =>
        {
            using var content = File.OpenRead(file);
            return $"{Path.GetRelativePath(folder, file)} {File.GetLastWriteTimeUtc(file):O} {Convert.ToHexStringLower(SHA256.HashData(content))}";
        }),
    ];
}
