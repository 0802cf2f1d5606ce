using System.Diagnostics;
using Ferry.Contracts.Conversions;
using Ferry.EndToEnd.Tests.Embedded;

namespace Ferry.EndToEnd.Tests.Distributed;

/// <summary>A worker of each kind is killed with SIGKILL in the middle of its step; another takes over and the result is the same.</summary>
public sealed class WorkerKilledTests(EmbeddedConversion embedded)
{
    /// <summary>The service, where it is killed, and the step that shows the second epoch.</summary>
    public static TheoryData<string, string, string> Kills => new()
    {
        { "capture/Ferry.Capture", "job.claimed", "capture" },
        { "fixup/Ferry.Fixup", "fixup.launched", "fixup" },
        { "conversion/Ferry.Conversion", "convert.slice.proven:2", "convert" },
    };

    [Theory]
    [MemberData(nameof(Kills))]
    public async Task Worker_KilledInItsStep_IsReplaced(string service, string faultPoint, string step)
    {
        await using var ferry = await DistributedFerry.StartAsync(service, faultPoint);
        var id = await ferry.SubmitAsync(new ConversionRequest
        {
            Source = FerryRepository.SampleVm, Target = "hyperv", Output = ferry.File("out"),
        });
        await CompletesAfterKillAsync(ferry, service, step, id);
        Assert.Empty(GuestProcesses(ferry.File("")));
    }

    [Fact]
    public async Task TransferWorker_KilledOnAnHttpSource_IsReplaced_AndMovesNothingTwice()
    {
        const string Service = "transfer/Ferry.Transfer";
        await using var web = await FolderWebServer.StartAsync(Path.GetDirectoryName(FerryRepository.SampleVm)!);
        await using var ferry = await DistributedFerry.StartAsync(Service, "transfer.slice.proven:2");
        var id = await ferry.SubmitAsync(new ConversionRequest
        {
            Source = web.Url("debian-sample.vmx"), Target = "hyperv", Output = ferry.File("out"), Fixup = false,
        });
        var report = await CompletesAfterKillAsync(ferry, Service, "transfer", id);
        var transfer = report.Steps.Single(x => x.Step == "transfer");

        // Proven slices are never asked for again: at most one slice per connection is read twice.
        var data = report.Disks[0].Capacity - transfer.Bytes!.Zero;
        Assert.True(web.BytesSent < data * 1.5, $"{web.BytesSent} bytes were sent for {data} bytes of data");
    }

    private async Task<ConversionReport> CompletesAfterKillAsync(DistributedFerry ferry, string service, string step, Guid id)
    {
        using (var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken))
        {
            limit.CancelAfter(TimeSpan.FromMinutes(4));
            await ferry.Faulty(service).WaitForExitAsync(limit.Token);
        }

        await ferry.AddAsync(service);
        var view = await ferry.WaitAsync(id);
        Assert.True(view.State == "Completed", $"{view.State}: {view.Failure}\n{ferry.Logs()}");
        var report = await ferry.ReportAsync(id);
        Assert.Equal(2, report.Steps.Single(x => x.Step == step).Epoch);
        await embedded.ReadyAsync();
        Assert.Equal(embedded.Report.Disks[0].CapturedDigest, report.Disks[0].CapturedDigest);
        return report;
    }

    private static IEnumerable<string> GuestProcesses(string folder) => Process.GetProcessesByName("qemu-system-x86_64")
        .Select(process => File.ReadAllText($"/proc/{process.Id}/cmdline"))
        .Where(command => command.Contains(folder, StringComparison.Ordinal));
}
