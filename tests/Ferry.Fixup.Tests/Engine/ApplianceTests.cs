using System.Diagnostics;
using System.Text.Json;
using Ferry.Fixup.Appliance;
using Ferry.Fixup.Engine;
using Ferry.Fixup.Inspection;
using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Tests.Engine;

/// <summary>The guest worker is gone whatever happens, with everything that it started.</summary>
public sealed class ApplianceTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Parent_Killed_LeavesNoWorkerAndNoQemu()
    {
        SampleGuest.Disk();
        using var scratch = new ScratchFolder();
        var disk = await BlankAsync(scratch.Path);
        var start = new ProcessStartInfo("bash", ["-c", "\"$0\" guest-worker $$ <&0 & wait", SampleGuest.Options().WorkerCommand[0]]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["TMPDIR"] = scratch.Path;
        using var parent = Process.Start(start)!;
        Assert.Equal("hello", (await WorkerFrame.ReadAsync(parent.StandardOutput.BaseStream, Token))!.Operation);
        var launch = new ApplianceLaunch { Disks = [new ApplianceDisk(disk, "raw", false)], MemoryMiB = 1024, Acceleration = Acceleration.Tcg, Scratch = scratch.Path };
        await new WorkerFrame { Operation = "launch", Values = [JsonSerializer.Serialize(launch)] }.WriteAsync(parent.StandardInput.BaseStream, Token);
        Assert.Null((await WorkerFrame.ReadAsync(parent.StandardOutput.BaseStream, Token))!.Error);
        Assert.NotEmpty(With(disk));

        parent.Kill();

        await GoneAsync(disk);
    }

    [Fact]
    public async Task Session_TimeIsUp_IsKilledWithQemu()
    {
        SampleGuest.Disk();
        using var scratch = new ScratchFolder();
        var disk = await BlankAsync(scratch.Path);
        var options = SampleGuest.Options();
        options.Timeout = TimeSpan.FromSeconds(6);

        var thrown = await Assert.ThrowsAsync<ApplianceException>(() => ApplianceSession.StartAsync(options, scratch.Path, [new ApplianceDisk(disk, "raw", false)], Acceleration.Tcg, TimeProvider.System, Token));

        Assert.Equal(ApplianceException.TimedOut, thrown.Code);
        await GoneAsync(disk);
    }

    [Fact]
    public async Task Inspect_DiskWithoutSystem_IsRefusedAsUnknown()
    {
        SampleGuest.Disk();
        using var scratch = new ScratchFolder();
        var disk = await BlankAsync(scratch.Path);
        var engine = SampleGuest.Engine();
        var request = new FixupRequest { Target = SampleGuest.Target, Disks = [new ApplianceDisk(disk, "raw", true)], Scratch = scratch.Path, Apply = false };

        var thrown = await Assert.ThrowsAsync<GuestRefusedException>(() => engine.RunAsync(request, Token));

        Assert.Equal("GUEST_UNKNOWN", Assert.Single(thrown.Findings).Id);
        await GoneAsync(disk);
    }

    private static async Task<string> BlankAsync(string folder)
    {
        var disk = Path.Combine(folder, "blank.raw");
        await SampleGuest.RunAsync("truncate", "-s", "64M", disk);
        return disk;
    }

    private static List<string> With(string text) =>
        [.. Directory.EnumerateDirectories("/proc").Where(p => int.TryParse(Path.GetFileName(p), out _)).Where(p => CommandLine(p).Contains(text, StringComparison.Ordinal))];

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(process + "/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static async Task GoneAsync(string text)
    {
        for (var watch = Stopwatch.StartNew(); With(text).Count > 0; await Task.Delay(200, Token))
        {
            Assert.True(watch.Elapsed < Patience, "a process is left: " + string.Join(", ", With(text)));
        }
    }
}
