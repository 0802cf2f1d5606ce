using Ferry.Fixup.Rehearsal;
using Ferry.Fixup.Rehearsal.Consoles;
using Ferry.Fixup.Rehearsal.Models;
using Ferry.Fixup.Rehearsal.Signs;
using Ferry.Fixup.Tests.Engine;

namespace Ferry.Fixup.Tests.Rehearsal;

/// <summary>A real QEMU with guests of a few instructions: what it says by itself, and that nothing of it is left.</summary>
public sealed class QemuMachineTests
{
    private static readonly DeviceModel Model = DeviceModel.For("hyperv", SampleGuest.Machine, guest: null);

    [Fact]
    public async Task GuestThatRestarts_IsALoop()
    {
        var result = await RunAsync(BootSectors.Restarting);
        Assert.Equal(("panicked", "boot-loop"), (result.Verdict.Outcome, result.Verdict.Kind));
    }

    [Fact]
    public async Task GuestThatSwitchesItselfOff_IsSeen()
    {
        var result = await RunAsync(BootSectors.SwitchingOff);
        Assert.Equal(new BootVerdict("unknown", "powered-off", "The guest has switched the machine off.", null), result.Verdict);
    }

    [Fact]
    public async Task GuestThatSaysNothing_IsUnknownWithTheScreen_WhenTheTimeIsUp()
    {
        var result = await RunAsync(BootSectors.Idle, TimeSpan.FromSeconds(4));
        Assert.Equal(("unknown", null), (result.Verdict.Outcome, result.Verdict.Kind));
        Assert.StartsWith("Booting from Hard Disk", result.Verdict.Quote, StringComparison.Ordinal);
        Assert.NotNull(result.Screen);
    }

    [Fact]
    public async Task GuestThatDrawsItsConsole_IsReadFromItsMemory()
    {
        var result = await RunAsync(BootSectors.Drawing("ALERT!  /dev/sda2 does not exist.  Dropping to a shell!"), TimeSpan.FromSeconds(60));
        Assert.Equal(new BootVerdict("panicked", "initramfs-shell", "ALERT!  /dev/sda2 does not exist.  Dropping to a shell!", null), result.Verdict);
    }

    [Fact]
    public async Task GuestThatFloodsItsConsole_IsBounded()
    {
        var result = await RunAsync(BootSectors.Flooding, TimeSpan.FromSeconds(4));
        Assert.Equal("unknown", result.Verdict.Outcome);
        Assert.All(result.SerialLines, line => Assert.InRange(line.Length, 1, ConsoleLog.LongestLine));
    }

    [Fact]
    public async Task QemuThatIsNotThere_IsSaid()
    {
        using var scratch = new ScratchFolder();
        var disk = await BootSectors.DiskAsync(scratch.Path, BootSectors.Idle);
        var thrown = await Assert.ThrowsAsync<RehearsalException>(() => RehearsalRun.RunAsync(disk, SampleGuest.Machine, Model, new RehearsalOptions { Qemu = "/nowhere/qemu" }));
        Assert.Equal(RehearsalException.NotStarted, thrown.Code);
        Assert.Contains("/nowhere/qemu", thrown.Message, StringComparison.Ordinal);
        Assert.NotEmpty(thrown.Remedy);
    }

    [Fact]
    public async Task Cancelled_QemuIsGone()
    {
        using var scratch = new ScratchFolder();
        using var cancel = new CancellationTokenSource();
        var disk = await BootSectors.DiskAsync(scratch.Path, BootSectors.Idle);
        var (running, place) = (0, "");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RehearsalRun.RunAsync(disk, SampleGuest.Machine, Model, started: folder =>
        {
            running = Processes.With(folder).Count;
            place = folder;
            cancel.Cancel();
        }, cancel: cancel));

        Assert.Equal(1, running);
        Assert.Empty(Processes.With(place));
    }

    [Fact]
    public async Task QemuThatIsKilled_IsNoVerdict()
    {
        using var scratch = new ScratchFolder();
        var disk = await BootSectors.DiskAsync(scratch.Path, BootSectors.Idle);
        var thrown = await Assert.ThrowsAsync<RehearsalException>(() => RehearsalRun.RunAsync(disk, SampleGuest.Machine, Model, started: folder =>
            Processes.With(folder).ForEach(id => System.Diagnostics.Process.GetProcessById(id).Kill())));
        Assert.Equal(RehearsalException.Broken, thrown.Code);
    }

    private static async Task<RehearsalResult> RunAsync(byte[] sector, TimeSpan? limit = null)
    {
        using var scratch = new ScratchFolder();
        return await RehearsalRun.RunAsync(await BootSectors.DiskAsync(scratch.Path, sector), SampleGuest.Machine, Model, new RehearsalOptions { Timeout = limit });
    }
}
