using Ferry.Fixup.Guests.Linux.Rules;
using Ferry.Fixup.Tests.Volumes;

namespace Ferry.Fixup.Tests.Linux;

public sealed class CloudInitRuleTests
{
    private const string Settings = "/etc/cloud/cloud.cfg.d/zz-ferry.cfg";

    [Theory]
    [InlineData("hyperv", true, false)]
    [InlineData("kvm", true, false)]
    [InlineData("azure", false, true)]
    public async Task Plan_Installed_LeavesTheNetworkAlone(string platform, bool off, bool source)
    {
        var volume = new MemoryVolume().File("/etc/cloud/cloud.cfg", "users: []\n");
        await RuleRun.RunAsync(new CloudInitRule(), volume, platform);

        Assert.Contains("network: {config: disabled}\n", volume.Text(Settings), StringComparison.Ordinal);
        Assert.Equal(source, volume.Text(Settings).Contains("datasource_list: [ Azure, None ]\n", StringComparison.Ordinal));
        Assert.Equal(off, volume.Exists("/etc/cloud/cloud-init.disabled"));
        Assert.Equal("users: []\n", volume.Text("/etc/cloud/cloud.cfg"));
    }

    [Fact]
    public async Task Plan_SwitchedOffByTheGuest_StaysSo()
    {
        var volume = new MemoryVolume().File("/etc/cloud/cloud.cfg", "").File("/etc/cloud/cloud-init.disabled", "");
        await RuleRun.RunAsync(new CloudInitRule(), volume);

        Assert.Equal("", volume.Text("/etc/cloud/cloud-init.disabled"));
    }

    [Fact]
    public async Task Plan_NotInstalled_DoesNothing() => Assert.False((await RuleRun.RunAsync(new CloudInitRule(), new MemoryVolume())).Applies);
}
