using System.Diagnostics;
using Ferry.Contracts.Conversions;
using Ferry.EndToEnd.Tests.Embedded;
using Ferry.Hosting.Jobs;

namespace Ferry.EndToEnd.Tests.Distributed;

/// <summary>
/// What the fault matrix (<see cref="Faults.FaultMatrixTests"/>) does not look at when a worker is killed with SIGKILL: the dead worker's guest appliance, and what a source is asked for twice by a whole machine's transfer.
/// </summary>
public sealed class WorkerKilledTests(EmbeddedConversion embedded)
{
    private const int Connections = 4;

    /// <summary>A disk's descriptor and grain tables are read by capture and by each worker of the transfer.</summary>
    private const long MostMetadata = 4 << 20;

    [Fact]
    public async Task FixupWorker_Killed_TakesItsApplianceWithIt_AndIsReplaced()
    {
        await using var ferry = await DistributedFerry.StartAsync("fixup", "fixup.launched");
        var id = await ferry.SubmitAsync(Request(ferry, FerryRepository.SampleVm) with { Fixup = true });
        await ferry.IsKilledAsync("fixup");

        // The kernel's signal to the children of the dead is on its way when the parent is gone.
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var tries = 0; tries < 50 && GuestProcesses(ferry.Scratch).Any(); tries++)
        {
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        Assert.Empty(GuestProcesses(ferry.Scratch));
        await CompletesAsync(ferry, "fixup", "fixup", id);
        Assert.Empty(GuestProcesses(ferry.Scratch));
    }

    [Theory]
    [InlineData("transfer.slice.proven:12")]
    [InlineData("transfer.slice.stored:8")]
    public async Task TransferWorker_KilledOnAnHttpSource_IsReplaced_AndMovesASliceAConnectionTwiceAtMost(string faultPoint)
    {
        await using var web = await FolderWebServer.StartAsync(Path.GetDirectoryName(FerryRepository.SampleVm)!);
        await using var ferry = await DistributedFerry.StartAsync("transfer", faultPoint);
        var id = await ferry.SubmitAsync(Request(ferry, web.Url("debian-sample.vmx")));
        await ferry.IsKilledAsync("transfer");
        var earlier = web.Served;
        var before = await ferry.ProvenSlicesAsync("transfer", id);

        var report = await CompletesAsync(ferry, "transfer", "transfer", id);

        IsAPart(before, report.Disks[0]);
        var slice = (long)DistributedFerry.MostSliceChunks * report.Disks[0].ChunkSize;
        var twice = ServedRange.Overlap(earlier, web.Served.Skip(earlier.Count));
        Assert.True(twice <= (Connections * slice) + MostMetadata, $"{twice} bytes were asked for twice");
        Assert.InRange(report.BytesResent, 1, Connections * slice);
        Assert.Equal(report.BytesResent, report.Disks[0].BytesResent);
        Assert.True(twice <= report.BytesResent + MostMetadata, $"{twice} bytes were asked for twice, {report.BytesResent} are reported");
    }

    private static ConversionRequest Request(DistributedFerry ferry, string source) =>
        new() { Source = source, Target = "hyperv", Output = ferry.File("out"), Fixup = false };

    private async Task<ConversionReport> CompletesAsync(DistributedFerry ferry, string service, string step, Guid id)
    {
        await ferry.AddAsync(service);
        var view = await ferry.WaitAsync(id);
        Assert.True(view.State == "Completed", $"{view.State}: {view.Failure}\n{ferry.Logs()}");
        var report = await ferry.ReportAsync(id);
        Assert.Equal(2, report.Steps.Single(x => x.Step == step).Epoch);
        await embedded.ReadyAsync();
        Assert.Equal(embedded.Report.Disks[0].CapturedDigest, report.Disks[0].CapturedDigest);
        return report;
    }

    /// <summary>The killed worker had proven something, and not all.</summary>
    private static void IsAPart(IReadOnlyList<SliceDocument> before, DiskReport disk)
    {
        Assert.NotEmpty(before);
        Assert.All(before, slice => Assert.Equal(1, slice.Epoch));
        Assert.True(
            before.Sum(slice => (long)slice.Count) < disk.Capacity / disk.ChunkSize, $"everything was proven before the kill: {before.Count} slices");
    }

    private static IEnumerable<string> GuestProcesses(string folder) => Process.GetProcessesByName("qemu-system-x86_64")
        .Select(process => CommandLine(process.Id))
        .Where(command => command.Contains(folder, StringComparison.Ordinal));

    private static string CommandLine(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline");
        }
        catch (IOException)
        {
            // It has ended since it was listed.
            return "";
        }
    }
}
