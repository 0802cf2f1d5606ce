using Ferry.Fixup.Guests.Linux.Rules;
using Ferry.Fixup.Guests.Linux.Text;
using Ferry.Fixup.Tests.Volumes;

namespace Ferry.Fixup.Tests.Linux;

public sealed class LvmRuleTests
{
    [Theory]
    [InlineData("\tfilter = [ \"a|^/dev/sda2$|\", \"r|.*|\" ]  # mine", "\tfilter = [ \"a|.*|\" ]  # mine")]
    [InlineData("global_filter=[\"a/sd.*/\",\n  \"r/.*/\"]", "global_filter=[ \"a|.*|\" ]")]
    [InlineData("filter = [ \"a|^/dev/sd[a-c]$|\", \"r|.*|\" ]", "filter = [ \"a|.*|\" ]")]
    [InlineData("filter = [ \"a|/dev/disk/by-id/scsi-.*|\", \"r|.*|\" ]", "filter = [ \"a|.*|\" ]")]
    [InlineData("filter = [ \"a|.*|\" ]", "filter = [ \"a|.*|\" ]")]
    [InlineData("filter = [ \"r|/dev/sdb|\", \"a|.*|\" ]", "filter = [ \"r|/dev/sdb|\", \"a|.*|\" ]")]
    [InlineData("# filter = [ \"a|sda|\" ]", "# filter = [ \"a|sda|\" ]")]
    [InlineData("filter = [ \"a|sda|\"", "filter = [ \"a|sda|\"")]
    public async Task Filters_ThatAcceptByName_AreWidened(string before, string after)
    {
        var volume = new MemoryVolume().File("/etc/lvm/lvm.conf", $"devices {{\n{before}\n}}\n");
        var plan = await RuleRun.RunAsync(new LvmFilterRule(), volume);

        Assert.Equal($"devices {{\n{after}\n}}\n", volume.Text("/etc/lvm/lvm.conf"));
        Assert.Equal(before != after, plan.Applies);
    }

    [Theory]
    [InlineData("IDTYPE=sys_wwid IDNAME=naa.6 DEVNAME=/dev/sda2 PVID=x", true)]
    [InlineData("IDTYPE=devname IDNAME=/dev/sda2 DEVNAME=/dev/sda2 PVID=x", true)]
    [InlineData("IDTYPE=crypt_uuid IDNAME=CRYPT-x DEVNAME=/dev/dm-0 PVID=x", false)]
    [InlineData("# IDTYPE=sys_wwid", false)]
    public async Task DevicesFile_WithIdsOfThePlatform_Goes(string line, bool removed)
    {
        const string path = "/etc/lvm/devices/system.devices";
        var volume = new MemoryVolume().File(path, $"VERSION=1.1.1\n{line}\n").File("/etc/lvm/cache/.cache", "x");
        await RuleRun.RunAsync(new LvmDevicesFileRule(), volume);

        Assert.Equal(!removed, volume.Exists(path));
        Assert.Equal(removed, volume.Exists(path + ".pre-fixup"));
        Assert.False(volume.Exists("/etc/lvm/cache/.cache"));
    }

    [Theory]
    [InlineData("devices {\n\tuse_devicesfile = 1\n}\n", "devices {\n\tuse_devicesfile = 0\n}\n")]
    [InlineData("devices {\n}\n", "devices {\n\tuse_devicesfile = 0\n}\n")]
    [InlineData("", "devices {\n\tuse_devicesfile = 0\n}\n")]
    public void DevicesFile_OfAnInitialRamDisk_IsSwitchedOff(string before, string after)
    {
        Assert.Equal(after, LvmConfEditor.WithoutDevicesFile(before).Text);
        Assert.Empty(LvmConfEditor.WithoutDevicesFile(after).Changes);
    }
}
