using Ferry.Fixup.Guests.Linux.Rules;
using Ferry.Fixup.Planning;
using Ferry.Fixup.Tests.Engine;
using Ferry.Fixup.Tests.Volumes;

namespace Ferry.Fixup.Tests.Linux;

public sealed class DeviceMapRuleTests
{
    [Theory]
    [InlineData("kvm", "(hd0)   /dev/sda\n(hd1)\t/dev/sdb\n", "(hd0)   /dev/vda\n(hd1)\t/dev/vdb\n")]
    [InlineData("hyperv", "(fd0) /dev/fd0\n(hd0) /dev/hda\n", "(fd0) /dev/fd0\n(hd0) /dev/sda\n")]
    [InlineData("hyperv", "# x\n(hd0) /dev/sda\n", "# x\n(hd0) /dev/sda\n")]
    [InlineData("kvm", "(hd0) /dev/disk/by-id/scsi-3600\n", "(hd0) /dev/disk/by-id/scsi-3600\n")]
    public async Task Plan_Disks_HaveTheTargetsNames(string platform, string before, string after)
    {
        var volume = new MemoryVolume().File("/boot/grub/device.map", before);
        await RuleRun.RunAsync(new DeviceMapRule(), volume, platform);

        Assert.Equal(after, volume.Text("/boot/grub/device.map"));
    }

    [Fact]
    public void Handles_Suse_Not() => Assert.False(new DeviceMapRule().Handles(RuleRun.Guest with { Distribution = "sles" }, new FixupTarget("kvm", null, SampleGuest.Machine)));
}
