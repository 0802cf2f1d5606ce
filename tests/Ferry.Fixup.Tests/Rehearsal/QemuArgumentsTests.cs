using Ferry.Contracts.Machines;
using Ferry.Fixup.Appliance;
using Ferry.Fixup.Rehearsal.Models;
using Ferry.Fixup.Rehearsal.Qemu;
using Ferry.Fixup.Tests.Engine;

namespace Ferry.Fixup.Tests.Rehearsal;

public sealed class QemuArgumentsTests
{
    [Theory]
    [InlineData("kvm")]
    [InlineData("hyperv")]
    [InlineData("azure")]
    public void EveryMachine_IsWithoutNetwork_AndConfined(string target)
    {
        var arguments = Of(target, 1);
        Assert.Equal("none", After(arguments, "-nic"));
        Assert.DoesNotContain(arguments, word => word.Contains("netdev", StringComparison.Ordinal) || word.StartsWith("user", StringComparison.Ordinal));
        Assert.StartsWith("on,", After(arguments, "-sandbox"), StringComparison.Ordinal);
        Assert.Contains("-no-user-config", arguments);
        Assert.Contains("-nodefaults", arguments);
    }

    [Theory]
    [InlineData("kvm", Firmware.Bios, "q35", "virtio-blk-pci")]
    [InlineData("hyperv", Firmware.Bios, "pc", "ide-hd,bus=ide.0,unit=0")]
    [InlineData("hyperv", Firmware.Uefi, "q35", "ide-hd,bus=ide.0")]
    [InlineData("azure", Firmware.Uefi, "q35", "ide-hd,bus=ide.0")]
    public void FirstDisk_IsWhereTheTargetStartsFrom(string target, Firmware firmware, string machine, string device)
    {
        var arguments = Of(target, 2, firmware: firmware);
        Assert.StartsWith(machine + ",", After(arguments, "-machine"), StringComparison.Ordinal);
        Assert.Contains($"{device},drive=disk0,werror=report,rerror=report,bootindex=0", arguments);
        Assert.Single(arguments, word => word.Contains("bootindex", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("hyperv", 6, "ide-hd,bus=ide.1,unit=1,drive=disk3,", "ide-hd,bus=ahci0.1,drive=disk5,")]
    [InlineData("kvm", 22, "virtio-blk-pci,drive=disk19,", "scsi-hd,bus=scsi.0,scsi-id=1,drive=disk21,")]
    public void DisksThatDoNotFit_GoToFurtherControllers(string target, int disks, params string[] devices)
    {
        var arguments = Of(target, disks);
        Assert.All(devices, device => Assert.Contains(arguments, word => word.StartsWith(device, StringComparison.Ordinal)));
        Assert.Equal(disks, arguments.Count(word => word.StartsWith("driver=nbd,", StringComparison.Ordinal)));
        Assert.Equal(disks > 20 || target == "hyperv" ? 1 : 0, arguments.Count(word => word is "virtio-scsi-pci,id=scsi" or "ich9-ahci,id=ahci0"));
    }

    [Theory]
    [InlineData("hyperv", true, true)]
    [InlineData("hyperv", false, false)]
    [InlineData("kvm", true, false)]
    public void HyperVsInterface_IsShownWithKvmOnly(string target, bool kvm, bool shown) =>
        Assert.Equal(shown, After(Of(target, 1, acceleration: kvm ? Acceleration.Kvm : Acceleration.Tcg), "-cpu").Contains("hv-relaxed", StringComparison.Ordinal));

    [Fact]
    public void CommasInPaths_AreDoubled() =>
        Assert.Contains("driver=nbd,node-name=disk0,server.type=unix,server.path=/a,,b/0.sock,discard=unmap", Of("kvm", 1));

    private static IReadOnlyList<string> Of(string target, int disks, Firmware firmware = Firmware.Bios, Acceleration acceleration = Acceleration.Tcg)
    {
        var machine = SampleGuest.Machine with { Firmware = firmware };
        var guest = new Contracts.Conversions.GuestReport { Family = "linux", Distribution = "debian", Version = "12", Changes = [] };
        var specification = new MachineSpecification
        {
            Model = DeviceModel.For(target, machine, guest), Disks = [.. Enumerable.Range(0, disks).Select(i => $"/a,b/{i}.sock")], Processors = 2, MemoryMiB = 512, Scratch = "/s",
        };
        return QemuArguments.Of(specification, new QemuSockets("/s"), acceleration, firmware == Firmware.Uefi ? new UefiFirmware("/c", "/v") : null);
    }

    private static string After(IReadOnlyList<string> arguments, string option) => arguments[arguments.ToList().IndexOf(option) + 1];
}
