using Ferry.Contracts.Machines;
using Ferry.Fixup.Rehearsal.Models;
using Ferry.Fixup.Rehearsal.Signs;
using Ferry.Fixup.Tests.Engine;

namespace Ferry.Fixup.Tests.Rehearsal;

/// <summary>Disks from which no firmware starts anything, under a real QEMU: seconds.</summary>
public sealed class NothingToBootTests
{
    [Theory]
    [InlineData("hyperv")]
    [InlineData("kvm")]
    public async Task EmptyDisk_HasNothingToStart(string target)
    {
        using var scratch = new ScratchFolder();
        var disk = Path.Combine(scratch.Path, "empty.raw");
        await SampleGuest.RunAsync("truncate", "-s", "64M", disk);

        var result = await RehearsalRun.RunAsync(disk, SampleGuest.Machine, DeviceModel.For(target, SampleGuest.Machine, guest: null));

        Assert.Equal(new BootVerdict("panicked", "no-bootable-device", "No bootable device.", "Boot failed: not a bootable disk"), result.Verdict);
        Assert.NotNull(result.Screen);
    }

    [Theory]
    [Trait("Tier", "all")]
    [InlineData("hyperv")]
    [InlineData("kvm")]
    public async Task EmptyDisk_UnderUefi_HasNothingToStart(string target)
    {
        Assert.SkipUnless(UefiFirmware.Find(null) is not null, "OVMF is not installed");
        using var scratch = new ScratchFolder();
        var disk = Path.Combine(scratch.Path, "empty.raw");
        await SampleGuest.RunAsync("truncate", "-s", "64M", disk);
        var machine = SampleGuest.Machine with { Firmware = Firmware.Uefi };

        var result = await RehearsalRun.RunAsync(disk, machine, DeviceModel.For(target, machine, guest: null));

        Assert.Equal(("panicked", "no-bootable-device"), (result.Verdict.Outcome, result.Verdict.Kind));
        Assert.Contains("BdsDxe: failed to load Boot0001", result.Verdict.Cause, StringComparison.Ordinal);
        Assert.NotEmpty(result.SerialLines);
    }

    /// <summary>A boot sector of our own that writes to the screen and to nothing else, as GRUB does.</summary>
    [Fact]
    public async Task BootLoaderThatGivesUp_IsReadFromTheScreen()
    {
        using var scratch = new ScratchFolder();
        var disk = await BootSectors.DiskAsync(scratch.Path, BootSectors.Printing("error: no such partition.\r\nEntering rescue mode...\r\ngrub rescue> "));

        var result = await RehearsalRun.RunAsync(disk, SampleGuest.Machine, DeviceModel.For("hyperv", SampleGuest.Machine, guest: null));

        Assert.Equal(new BootVerdict("panicked", "boot-loader", "grub rescue>", "error: no such partition."), result.Verdict);
        Assert.Empty(result.SerialLines);
    }
}
