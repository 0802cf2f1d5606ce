using Ferry.Fixup.Guests.Linux.Rules;
using Ferry.Fixup.Tests.Volumes;

namespace Ferry.Fixup.Tests.Linux;

public sealed class VmwareToolsRuleTests
{
    [Fact]
    public async Task Archive_WithSystemd_IsMasked()
    {
        var volume = Tools().Folder("/etc/systemd/system").File("/usr/lib/systemd/system/vmware-tools.service", "[Unit]");
        var plan = await RuleRun.RunAsync(new VmwareToolsRule(), volume);

        Assert.Equal("/dev/null", volume.Text("/etc/systemd/system/vmware-tools.service"));
        Assert.False(volume.Exists("/etc/systemd/system/vmware-tools-thinprint.service"));
        Assert.Equal("GUEST_VMWARE_TOOLS", Assert.Single(plan.Findings).Id);
    }

    [Fact]
    public async Task Archive_WithItsOwnUnitFile_IsMaskedAndTheFileKept()
    {
        var volume = Tools().File("/etc/systemd/system/vmware-tools.service", "[Unit]");
        await RuleRun.RunAsync(new VmwareToolsRule(), volume);

        Assert.Equal("/dev/null", volume.Text("/etc/systemd/system/vmware-tools.service"));
        Assert.Equal("[Unit]", volume.Text("/etc/systemd/system/vmware-tools.service.pre-fixup"));
    }

    [Fact]
    public async Task Archive_WithRunlevels_IsNotStarted()
    {
        var volume = Tools().File("/etc/init.d/vmware-tools", "#!").Link("/etc/rc.d/rc3.d/S03vmware-tools", "../init.d/vmware-tools").Link("/etc/rc3.d", "rc.d/rc3.d")
            .Link("/etc/rc.d/rc3.d/S55sshd", "../init.d/sshd").File("/etc/init/vmware-tools.conf", "");
        await RuleRun.RunAsync(new VmwareToolsRule(), volume);

        Assert.False(volume.Exists("/etc/rc.d/rc3.d/S03vmware-tools"));
        Assert.True(volume.Exists("/etc/rc.d/rc3.d/S55sshd"));
        Assert.Equal("manual\n", volume.Text("/etc/init/vmware-tools.override"));
    }

    [Fact]
    public async Task SharedFolders_AsMountUnits_AreNotAskedFor()
    {
        var volume = new MemoryVolume().File("/etc/systemd/system/mnt-hgfs.mount", "[Mount]\nWhat=.host:/\nType=fuse.vmhgfs-fuse\n").Link("/etc/systemd/system/multi-user.target.wants/mnt-hgfs.mount", "../mnt-hgfs.mount")
            .File("/etc/systemd/system/data.mount", "[Mount]\nType=ext4\n").Link("/etc/systemd/system/multi-user.target.wants/data.mount", "../data.mount");
        await RuleRun.RunAsync(new VmwareToolsRule(), volume);

        Assert.False(volume.Exists("/etc/systemd/system/multi-user.target.wants/mnt-hgfs.mount"));
        Assert.True(volume.Exists("/etc/systemd/system/mnt-hgfs.mount"));
        Assert.True(volume.Exists("/etc/systemd/system/multi-user.target.wants/data.mount"));
    }

    [Fact]
    public async Task NothingOfVmware_NothingIsDone() => Assert.False((await RuleRun.RunAsync(new VmwareToolsRule(), new MemoryVolume().Folder("/etc/systemd/system"))).Applies);

    private static MemoryVolume Tools() => new MemoryVolume().File("/etc/vmware-tools/locations", "");
}
