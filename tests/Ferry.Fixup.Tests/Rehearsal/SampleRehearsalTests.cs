using Ferry.Contracts.Conversions;
using Ferry.Fixup.Appliance;
using Ferry.Fixup.Engine;
using Ferry.Fixup.Planning;
using Ferry.Fixup.Rehearsal.Models;
using Ferry.Fixup.Tests.Engine;

namespace Ferry.Fixup.Tests.Rehearsal;

/// <summary>A real Debian guest: as it was, on the target's controller, the verdict says why it does not boot.</summary>
[Trait("Tier", "all")]
public sealed class SampleRehearsalTests
{
    private static readonly GuestReport Linux = new() { Family = "linux", Distribution = "debian", Version = "12", Changes = [] };

    [Fact]
    public async Task UnfixedGuest_OnVirtio_StopsInTheInitramfsShell()
    {
        var result = await RehearsalRun.RunAsync(SampleGuest.Disk(), SampleGuest.Machine, DeviceModel.For("kvm", SampleGuest.Machine, Linux));
        Assert.Equal(("panicked", "initramfs-shell"), (result.Verdict.Outcome, result.Verdict.Kind));
        Assert.Contains("/dev/sda2 does not exist", result.Verdict.Quote + result.Verdict.Cause, StringComparison.Ordinal);
        Assert.NotNull(result.Screen);
    }

    /// <summary>Generation 1 of Hyper-V starts from the same IDE controller that QEMU has, which the sample's own kernel drives.</summary>
    [Fact]
    public async Task FixedGuest_OnHyperVsFirstGeneration_ReachesItsLogin()
    {
        using var scratch = new ScratchFolder();
        var layer = await SampleGuest.LayerAsync(SampleGuest.Disk(), scratch.Path);
        var request = new FixupRequest { Target = SampleGuest.Target, Disks = [new ApplianceDisk(layer, "qcow2", ReadOnly: false)], Scratch = scratch.Path, Apply = true };
        Assert.True((await SampleGuest.Engine().RunAsync(request, TestContext.Current.CancellationToken)).Applied);
        var raw = Path.Combine(scratch.Path, "fixed.raw");
        await SampleGuest.RunAsync("qemu-img", "convert", "-O", "raw", layer, raw);

        var result = await RehearsalRun.RunAsync(raw, SampleGuest.Machine, DeviceModel.For("hyperv", SampleGuest.Machine, Linux));

        Assert.Equal("booted", result.Verdict.Outcome);
        Assert.Contains(result.SerialLines, line => line.Contains("login:", StringComparison.Ordinal));
    }
}
