using System.Text;
using Ferry.Hives;

namespace Ferry.Fixup.Tests.Windows;

public sealed class CriticalDevicesRuleTests
{
    private const string Database = "\\Control\\CriticalDeviceDatabase\\";

    [Theory]
    [InlineData("hyperv", "ACPI#VMBus=vmbus,VMBUS#{ba6163d9-04a1-4d29-b605-72e2ffb1dc7f}=storvsc,PCI#VEN_8086&DEV_7111=intelide,PCI#CC_0101=pciide,Primary_IDE_Channel=atapi,Secondary_IDE_Channel=atapi,Internal_IDE_Channel=atapi,GenDisk=disk")]
    [InlineData("kvm", "PCI#VEN_8086&DEV_7111=intelide,PCI#CC_0101=pciide,PCI#CC_010601=msahci,Primary_IDE_Channel=atapi,Secondary_IDE_Channel=atapi,Internal_IDE_Channel=atapi,GenDisk=disk")]
    public async Task Plan_Windows7_HasTheTargetsDevices(string platform, string expected)
    {
        var disk = WindowsDisk.Of(SyntheticSystem.Create(false), WindowsDisk.Software("6.1", 7601, "Server"));

        await disk.ConvertAsync(platform);

        foreach (var set in SyntheticSystem.ControlSets)
        {
            var devices = disk.OpenSystem().Get(set + Database.TrimEnd('\\')).Subkeys.Select(k => $"{k.Name}={k.Value("Service")!.GetString()}").Order();
            Assert.Equal(expected.Split(',').Order(), devices);
            var read = await WindowsDisk.ExportAsync(disk.Bytes(WindowsDisk.SystemFile), $"\\{set}\\Control\\CriticalDeviceDatabase");
            Assert.Equal(Sz("{4D36E96A-E325-11CE-BFC1-08002BE10318}"), read[$"\\{set}{Database}PCI#VEN_8086&DEV_7111 ClassGUID"]);
        }
    }

    [Fact]
    public async Task Plan_EntryThatIsThere_IsLeftAsItIs()
    {
        var system = SyntheticSystem.Create(false);
        system.Root.Create("ControlSet001\\Control\\CriticalDeviceDatabase\\pci#cc_0101").SetString("Service", "other");
        var disk = WindowsDisk.Of(system, WindowsDisk.Software("6.1", 7601, "Server"));

        await disk.ConvertAsync();

        Assert.Equal("other", disk.OpenSystem().Get("ControlSet001\\Control\\CriticalDeviceDatabase\\PCI#CC_0101").Value("Service")!.GetString());
    }

    [Fact]
    public async Task Plan_Windows8_HasNoSuchDatabase()
    {
        var disk = WindowsDisk.Of(SyntheticSystem.Create(true), WindowsDisk.Software("6.2", 9200, "Server"));

        await disk.ConvertAsync();

        Assert.Null(disk.OpenSystem().Find("ControlSet001\\Control\\CriticalDeviceDatabase"));
    }

    private static string Sz(string text) => "hex(1):" + string.Join(',', Encoding.Unicode.GetBytes(text + "\0").Select(b => $"{b:x2}"));
}
