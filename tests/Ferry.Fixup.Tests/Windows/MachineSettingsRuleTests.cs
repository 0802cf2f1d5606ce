using Ferry.Hives;

namespace Ferry.Fixup.Tests.Windows;

/// <summary>Disk policy, fast startup, Azure's settings.</summary>
public sealed class MachineSettingsRuleTests
{
    [Theory]
    [InlineData("hyperv", false)]
    [InlineData("kvm", false)]
    [InlineData("azure", true)]
    public async Task Plan_Settings_AreTheTargets(string platform, bool isAzure)
    {
        var disk = WindowsDisk.Of(SyntheticSystem.Create(true), WindowsDisk.Software("10.0", 20348, "Server"));

        await disk.ConvertAsync(platform);

        var hive = disk.OpenSystem();
        foreach (var set in SyntheticSystem.ControlSets)
        {
            uint? Number(string key, string value) => hive.Find($"{set}\\{key}")?.Value(value)?.GetDWord();
            Assert.Equal(1u, Number("Services\\partmgr\\Parameters", "SanPolicy"));
            Assert.Equal(0u, Number("Control\\Session Manager\\Power", "HiberbootEnabled"));
            Assert.Equal(isAzure ? 1u : null, Number("Control\\TimeZoneInformation", "RealTimeIsUniversal"));
            Assert.Equal(isAzure ? 0u : null, Number("Control\\Terminal Server", "fDenyTSConnections"));
            Assert.Equal(isAzure ? 2u : 3u, Number("Services\\Dhcp", "Start"));
        }
    }

    [Fact]
    public async Task Plan_FullVolume_IsRefusedOrGoesWithoutCopies()
    {
        var disk = WindowsDisk.Of(SyntheticSystem.Create(true), WindowsDisk.Software("10.0", 20348, "Server"));
        disk.Volume.Free = 0;

        var plan = await disk.PlanAsync();

        Assert.All(plan.HiveFiles, f => Assert.True(f.Backup is null || plan.IsRefused));
        Assert.Contains(plan.Findings, f => f.Id is "GUEST_NO_SPACE" or "GUEST_NO_BACKUP");
    }

    [Fact]
    public async Task Plan_IsPureData_TheGuestIsUntouched()
    {
        var disk = WindowsDisk.Of(SyntheticSystem.Create(true), WindowsDisk.Software("10.0", 20348, "Server"));
        var before = disk.Bytes(WindowsDisk.SystemFile);

        var plan = await disk.PlanAsync();

        Assert.Equal(before, disk.Bytes(WindowsDisk.SystemFile));
        Assert.Contains("ControlSet001\\Services\\storvsc\\StartOverride removed (0 3)", plan.Changes.Select(c => c.Summary));
        Assert.Contains("ControlSet001\\Services\\vmci: Start 0 -> 4", plan.Changes.Select(c => c.Summary));
        Assert.Single(plan.HiveFiles, f => f.Path == WindowsDisk.SystemFile);
    }
}
