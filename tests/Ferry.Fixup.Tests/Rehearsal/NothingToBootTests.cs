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

        Assert.Equal("panicked", result.Verdict.Outcome);
        Assert.Contains(result.Verdict.Kind!, (string[])["no-bootable-device", "boot-loader"]);
        Assert.NotEmpty(result.SerialLines);
    }

    /// <summary>A boot sector of our own that writes to the screen and to nothing else, as GRUB does.</summary>
    [Fact]
    public async Task BootLoaderThatGivesUp_IsReadFromTheScreen()
    {
        using var scratch = new ScratchFolder();
        var disk = Path.Combine(scratch.Path, "grub.raw");
        var image = new byte[16 << 20];
        BootSector("error: no such partition.\r\nEntering rescue mode...\r\ngrub rescue> ").CopyTo(image, 0);
        await File.WriteAllBytesAsync(disk, image, TestContext.Current.CancellationToken);

        var result = await RehearsalRun.RunAsync(disk, SampleGuest.Machine, DeviceModel.For("hyperv", SampleGuest.Machine, guest: null));

        Assert.Equal(new BootVerdict("panicked", "boot-loader", "grub rescue>", "error: no such partition."), result.Verdict);
        Assert.Empty(result.SerialLines);
    }

    private static byte[] BootSector(string text)
    {
        // cld; mov si, 7C20h; mov bx, 7; lodsb; test al, al; jz halt; mov ah, 0Eh; int 10h; jmp back; halt: hlt; jmp halt
        byte[] code = [0xFC, 0x31, 0xC0, 0x8E, 0xD8, 0xBE, 0x20, 0x7C, 0xBB, 0x07, 0x00, 0xAC, 0x84, 0xC0, 0x74, 0x06, 0xB4, 0x0E, 0xCD, 0x10, 0xEB, 0xF5, 0xF4, 0xEB, 0xFD];
        var sector = new byte[512];
        code.CopyTo(sector, 0);
        System.Text.Encoding.ASCII.GetBytes(text).CopyTo(sector, 0x20);
        (sector[510], sector[511]) = (0x55, 0xAA);
        return sector;
    }
}
