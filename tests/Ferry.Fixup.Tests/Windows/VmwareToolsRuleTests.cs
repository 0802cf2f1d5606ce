using Ferry.Hives;

namespace Ferry.Fixup.Tests.Windows;

public sealed class VmwareToolsRuleTests
{
    [Theory]
    [InlineData("hyperv")]
    [InlineData("kvm")]
    [InlineData("azure")]
    public async Task Plan_Tools_AreDisabledAndMicrosoftsDriversAreNot(string platform)
    {
        var disk = WindowsDisk.Of(SyntheticSystem.Create(true), WindowsDisk.Software("10.0", 17763, "Server", "VMware User Process"));

        var plan = await disk.ConvertAsync(platform);

        var hive = disk.OpenSystem();
        foreach (var set in SyntheticSystem.ControlSets)
        {
            Assert.All(["vmci", "vsock", "vmmouse", "vmhgfs", "pvscsi", "VMTools"], name => Assert.Equal((name, 4u), (name, hive.Get($"{set}\\Services\\{name}").Value("Start")!.GetDWord())));
            Assert.All(["vmgid", "s3cap", "vmicheartbeat", "netvsc"], name => Assert.Equal((name, 3u), (name, hive.Get($"{set}\\Services\\{name}").Value("Start")!.GetDWord())));
            Assert.Equal("RDPNP,LanmanWorkstation", hive.Get($"{set}\\Control\\NetworkProvider\\Order").Value("ProviderOrder")!.GetString());
        }

        var software = Hive.Open(disk.Bytes("/Windows/System32/config/SOFTWARE"));
        Assert.Empty(software.Get("Microsoft\\Windows\\CurrentVersion\\Run").Values);
        Assert.Contains(plan.Findings, f => f.Id == "GUEST_VMWARE_TOOLS");
    }

    [Fact]
    public async Task Plan_NoTools_LeavesSoftwareAlone()
    {
        var system = SyntheticSystem.Create(true);
        foreach (var name in new[] { "VMTools", "vmci", "vsock", "vmmouse", "vmhgfs", "pvscsi" })
        {
            SyntheticSystem.ControlSets.ToList().ForEach(set => system.Root.Delete($"{set}\\Services\\{name}"));
        }

        var disk = WindowsDisk.Of(system, WindowsDisk.Software("10.0", 17763, "Server"));
        var plan = await disk.ConvertAsync();

        Assert.DoesNotContain(plan.HiveFiles, f => f.Path.EndsWith("SOFTWARE", StringComparison.Ordinal));
        Assert.DoesNotContain(plan.Findings, f => f.Id == "GUEST_VMWARE_TOOLS");
    }
}
