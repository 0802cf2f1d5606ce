using System.Globalization;
using Ferry.Contracts.Machines;
using Ferry.Hives;

namespace Ferry.Fixup.Tests.Windows;

/// <summary>The reference's table, value by value, in every control set, read back with hivexregedit.</summary>
public sealed class BootDriversRuleTests
{
    public static TheoryData<string, int, string, string, Firmware, string> Table()
    {
        const string VmBus = "vmbus:0 storvsc:0 storflt:0";
        const string Ide = " intelide:0 pciide:0 atapi:0";
        var data = new TheoryData<string, int, string, string, Firmware, string>();
        foreach (var (version, build, installation) in new[]
        {
            ("6.1", 7601, "Client"), ("6.1", 7601, "Server"), ("6.2", 9200, "Server"), ("6.3", 9600, "Client"), ("10.0", 14393, "Server"), ("10.0", 17763, "Server"),
            ("10.0", 20348, "Server"), ("10.0", 26100, "Server"), ("10.0", 19045, "Client"), ("10.0", 22631, "Client"),
        })
        {
            var sata = version == "6.1" ? "msahci" : "storahci";
            data.Add(version, build, installation, "hyperv", Firmware.Bios, VmBus + Ide);
            data.Add(version, build, installation, "azure", Firmware.Bios, VmBus + Ide + " stornvme:0 vpci:3");
            data.Add(version, build, installation, "kvm", Firmware.Bios, Ide.Trim() + $" {sata}:0 stornvme:0");
            if (version != "6.1")
            {
                data.Add(version, build, installation, "hyperv", Firmware.Uefi, VmBus);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Table))]
    public async Task Plan_VersionAndTarget_StartsTheTablesDrivers(string version, int build, string installation, string platform, Firmware firmware, string expected)
    {
        var isWindows8 = version != "6.1";
        var before = SyntheticSystem.Create(isWindows8);
        var disk = WindowsDisk.Of(before, WindowsDisk.Software(version, build, installation));

        await disk.ConvertAsync(platform, firmware);

        var after = disk.OpenSystem();
        var wanted = expected.Split(' ').Select(e => e.Split(':')).ToDictionary(e => e[0], e => uint.Parse(e[1], CultureInfo.InvariantCulture));
        foreach (var set in SyntheticSystem.ControlSets)
        {
            foreach (var service in before.Get($"{set}\\Services").Subkeys.Where(s => s.Value("Type") is not null && !IsVmware(s.Name)))
            {
                var now = after.Get(service.Path);
                var isWanted = wanted.TryGetValue(service.Name, out var start);
                Assert.Equal((service.Path, isWanted ? start : service.Value("Start")!.GetDWord()), (service.Path, now.Value("Start")!.GetDWord()));
                Assert.Equal((service.Path, !isWanted && service.Find("StartOverride") is not null), (service.Path, now.Find("StartOverride") is not null));
            }
        }
    }

    [Fact]
    public async Task Plan_WrittenHive_IsWhatAnotherReaderReads()
    {
        var disk = WindowsDisk.Of(SyntheticSystem.Create(true), WindowsDisk.Software("10.0", 17763, "Server"));

        await disk.ConvertAsync();

        foreach (var set in SyntheticSystem.ControlSets)
        {
            var services = await WindowsDisk.ExportAsync(disk.Bytes(WindowsDisk.SystemFile), $"\\{set}\\Services");
            Assert.All(["vmbus", "storvsc", "storflt", "intelide", "pciide", "atapi"], name =>
            {
                Assert.Equal("dword:00000000", services[$"\\{set}\\Services\\{name} Start"]);
                Assert.False(services.ContainsKey($"\\{set}\\Services\\{name}\\StartOverride"));
            });
        }
    }

    [Theory]
    [InlineData("storvsc.sys")]
    [InlineData("vmbus.sys")]
    [InlineData("vmstorfl.sys")]
    public async Task Plan_DriverFileMissing_IsRefused(string file)
    {
        var disk = WindowsDisk.Of(SyntheticSystem.Create(true), WindowsDisk.Software("10.0", 17763, "Server"));
        await disk.Volume.RemoveAsync("/Windows/System32/drivers/" + file, TestContext.Current.CancellationToken);

        var plan = await disk.PlanAsync();

        Assert.True(plan.IsRefused);
        Assert.Contains(file, plan.Findings.Single(f => f.Id == "HYPERV_DRIVERS_MISSING").Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_FileOfAFallBackMissing_LeavesItsServiceAlone()
    {
        var disk = WindowsDisk.Of(SyntheticSystem.Create(true), WindowsDisk.Software("10.0", 17763, "Server"));
        await disk.Volume.RemoveAsync("/Windows/System32/drivers/atapi.sys", TestContext.Current.CancellationToken);

        await disk.ConvertAsync();

        Assert.Equal(3u, disk.OpenSystem().Get("ControlSet001\\Services\\atapi\\StartOverride").Value("0")!.GetDWord());
    }

    [Theory]
    [InlineData("6.0", 6003, "Server", Firmware.Bios)]
    [InlineData("5.2", 3790, "Server", Firmware.Bios)]
    [InlineData("6.1", 7601, "Server", Firmware.Uefi)]
    public async Task Plan_VersionThatCannotRunThere_IsRefused(string version, int build, string installation, Firmware firmware)
    {
        var plan = await WindowsDisk.Of(SyntheticSystem.Create(false), WindowsDisk.Software(version, build, installation)).PlanAsync(firmware: firmware);

        Assert.Contains(plan.Findings, f => f.Id == "GUEST_UNSUPPORTED_WINDOWS" && f.Severity == Contracts.FindingSeverity.Error);
    }

    private static bool IsVmware(string service) => service is "vmci" or "vsock" or "vmmouse" or "vmhgfs" or "pvscsi";
}
