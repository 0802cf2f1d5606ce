using Ferry.Contracts.Conversion;
using Ferry.Contracts.Conversions;
using Ferry.Contracts.Machines;
using Ferry.Conversion.Targets.Kvm;
using Ferry.Fixup.Rehearsal.Models;

namespace Ferry.Cli.Tests.Conversions;

/// <summary>Two services decide on a guest's devices, each for itself: what is rehearsed must be what the domain XML says.</summary>
public sealed class RehearsedDevicesTests
{
    private static readonly MachineDescription machine = new() { Name = "web01", Processors = 1, MemoryMiB = 512, Firmware = Firmware.Bios, Disks = [], Nics = [] };

    [Theory]
    [InlineData(null, "")]
    [InlineData("linux", "")]
    [InlineData("windows", "")]
    [InlineData("windows", "viostor.sys")]
    [InlineData("windows", "vioscsi.sys")]
    [InlineData("windows", "vioscsi.sys viostor.sys netkvm.sys")]
    [InlineData("other", "viostor.sys")]
    public void Disks_AreOnTheBusOfTheDomainXml(string? family, string drivers)
    {
        var guest = family is null ? null : new GuestReport
        {
            Family = family,
            Distribution = "x",
            Version = "1",
            Changes = [.. drivers.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(driver => new GuestChange { Rule = "r", Path = "/Windows/System32/drivers/" + driver, Summary = "" })],
        };
        var published = KvmDevices.Of(new PublishMachine { ConversionId = Guid.NewGuid(), Attempt = 1, Target = "kvm", Machine = machine, Guest = guest, Disks = [], Output = "/out" });

        var bus = DeviceModel.For("kvm", machine, guest).Disks switch { DiskBus.VirtioBlock => "virtio", DiskBus.VirtioScsi => "scsi", DiskBus.Sata => "sata", var other => other.ToString() };

        Assert.Equal(published.DiskBus, bus);
    }
}
