using Ferry.Fixup.Guests.Linux.Rules;
using Ferry.Fixup.Tests.Volumes;

namespace Ferry.Fixup.Tests.Linux;

public sealed class ModuleBlocklistRuleTests
{
    private const string Off = "# ferry: needed on this platform: ";

    [Theory]
    [InlineData("hyperv", "blacklist hv_storvsc", Off + "blacklist hv_storvsc")]
    [InlineData("hyperv", "  blacklist  hyperv-keyboard  # no", Off + "  blacklist  hyperv-keyboard  # no")]
    [InlineData("hyperv", "install hv_storvsc /bin/true", Off + "install hv_storvsc /bin/true")]
    [InlineData("hyperv", "install vfat /usr/bin/false", Off + "install vfat /usr/bin/false")]
    [InlineData("hyperv", "install udf /bin/true", "install udf /bin/true")]
    [InlineData("azure", "install udf /bin/true", Off + "install udf /bin/true")]
    [InlineData("kvm", "blacklist virtio_blk", Off + "blacklist virtio_blk")]
    [InlineData("kvm", "blacklist hv_storvsc", "blacklist hv_storvsc")]
    [InlineData("hyperv", "install hv_netvsc /sbin/modprobe --ignore-install hv_netvsc", "install hv_netvsc /sbin/modprobe --ignore-install hv_netvsc")]
    [InlineData("hyperv", "options hv_netvsc ring_size=1", "options hv_netvsc ring_size=1")]
    [InlineData("hyperv", "blacklist floppy", "blacklist floppy")]
    public async Task Plan_ModprobeLines_AreEdited(string platform, string before, string after)
    {
        var volume = new MemoryVolume().File("/etc/modprobe.d/x.conf", $"# head\n{before}\n");
        await RuleRun.RunAsync(new ModuleBlocklistRule(), volume, platform);

        Assert.Equal($"# head\n{after}\n", volume.Text("/etc/modprobe.d/x.conf"));
    }

    [Theory]
    [InlineData("ro modprobe.blacklist=hv_storvsc quiet", "ro quiet")]
    [InlineData("ro modprobe.blacklist=floppy,hv-storvsc,nouveau  quiet", "ro modprobe.blacklist=floppy,nouveau  quiet")]
    [InlineData("rd.driver.blacklist=hv_vmbus root=UUID=1", "root=UUID=1")]
    [InlineData("ro module_blacklist=nouveau", "ro module_blacklist=nouveau")]
    public async Task Plan_CommandLines_AreEdited(string before, string after)
    {
        var volume = new MemoryVolume().File("/boot/loader/entries/a.conf", $"options {before}\n");
        await RuleRun.RunAsync(new ModuleBlocklistRule(), volume);

        Assert.Equal($"options {after}\n", volume.Text("/boot/loader/entries/a.conf"));
    }

    [Fact]
    public async Task Plan_FolderWithAFilesName_IsPassedOver() =>
        Assert.Empty((await RuleRun.RunAsync(new ModuleBlocklistRule(), new MemoryVolume().Folder("/etc/modprobe.d/x.conf").Link("/etc/modprobe.d/y.conf", "/nowhere"))).Findings);
}
