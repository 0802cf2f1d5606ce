using Ferry.Fixup.Guests.Windows;
using Ferry.Fixup.Planning;
using Ferry.Hives;

namespace Ferry.Fixup.Tests.Windows;

public sealed class VirtioDriversRuleTests : IDisposable
{
    private const string Label = "guestor.inf_amd64_0000000000000000";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Plan_Windows8AndLater_HasThePackageOfTheDriverDatabase()
    {
        Offer("viostor/2k19/amd64/viostor.sys", "viostor/2k19/amd64/viostor.inf", "viostor/2k19/amd64/viostor.pdb", "NetKVM/2k19/amd64/netkvm.sys", "NetKVM/2k19/amd64/vioprot.inf", "viostor/w10/amd64/viostor.sys");
        var system = SyntheticSystem.Create(true);
        system.Root.Create("DriverDatabase\\DriverInfFiles");
        var disk = WindowsDisk.Of(system, WindowsDisk.Software("10.0", 17763, "Server"));

        await ConvertAsync(disk);

        Assert.Equal("viostor/2k19/amd64/viostor.sys", disk.Volume.Text("/Windows/System32/drivers/viostor.sys"));
        Assert.Equal(["netkvm.sys", "viostor.inf", "viostor.sys"], (await disk.Volume.ListAsync("/Windows/Drivers/VirtIO", TestContext.Current.CancellationToken)).Order());
        var read = await WindowsDisk.ExportAsync(disk.Bytes(WindowsDisk.SystemFile), "\\DriverDatabase");
        const string Package = "\\DriverDatabase\\DriverPackages\\" + Label;
        Assert.Equal("hex(3):00,ff,09,00,00,00,00,00,7b,e9,36,4d,25,e3,ce,11,bf,c1,08,00,2b,e1,03,18" + string.Concat(Enumerable.Repeat(",00", 24)), read[Package + " Version"]);
        Assert.Equal("dword:00000000", read[Package + "\\Configurations\\guestor_conf ConfigFlags"]);
        foreach (var id in new[] { "VEN_1AF4&DEV_1001&REV_00", "VEN_1AF4&DEV_1042&REV_01" })
        {
            Assert.Equal("hex(3):01,ff,00,00", read[$"\\DriverDatabase\\DeviceIds\\PCI\\{id} guestor.inf"]);
            Assert.True(read.ContainsKey($"{Package}\\Descriptors\\PCI\\{id} Configuration"));
        }

        var hive = disk.OpenSystem();
        Assert.Equal([Label], hive.Get("DriverDatabase\\DriverInfFiles\\guestor.inf").Value("")!.GetStrings());
        Assert.Equal(Label, hive.Get("DriverDatabase\\DriverInfFiles\\guestor.inf").Value("Active")!.GetString());
        foreach (var set in SyntheticSystem.ControlSets)
        {
            var service = hive.Get($"{set}\\Services\\viostor");
            Assert.Equal((1u, 0u, 1u), (service.Value("Type")!.GetDWord(), service.Value("Start")!.GetDWord(), service.Value("ErrorControl")!.GetDWord()));
            Assert.Equal("SCSI miniport", service.Value("Group")!.GetString());
            Assert.Equal((HiveValueType.ExpandSz, "system32\\drivers\\viostor.sys"), (service.Value("ImagePath")!.Type, service.Value("ImagePath")!.GetString()));
        }

        var path = Hive.Open(disk.Bytes("/Windows/System32/config/SOFTWARE")).Get("Microsoft\\Windows\\CurrentVersion").Value("DevicePath")!;
        Assert.Equal((HiveValueType.ExpandSz, "%SystemRoot%\\inf;%SystemRoot%\\Drivers\\VirtIO"), (path.Type, path.GetString()));
    }

    [Fact]
    public async Task Plan_Windows7_HasEntriesOfTheCriticalDeviceDatabase()
    {
        Offer("drivers/by-os/amd64/2k8R2/viostor.sys");
        var disk = WindowsDisk.Of(SyntheticSystem.Create(false), WindowsDisk.Software("6.1", 7601, "Server"));

        await ConvertAsync(disk);

        foreach (var id in SyntheticSystem.ControlSets.SelectMany(s => new[] { "VEN_1AF4&DEV_1001&REV_00", "VEN_1AF4&DEV_1042&REV_01" }.Select(i => $"{s}\\Control\\CriticalDeviceDatabase\\PCI#{i}")))
        {
            Assert.Equal("viostor", disk.OpenSystem().Get(id).Value("Service")!.GetString());
            Assert.Equal("{4D36E97B-E325-11CE-BFC1-08002BE10318}", disk.OpenSystem().Get(id).Value("ClassGUID")!.GetString());
        }
    }

    [Theory]
    [InlineData(26100, "2k22")]
    [InlineData(26100, "2k19")]
    [InlineData(26100, "w10")]
    public async Task Select_FolderMissing_TakesTheNearestOlder(int build, string folder)
    {
        Offer($"viostor/{folder}/amd64/viostor.sys", "viostor/2k16/amd64/viostor.sys");
        var disk = WindowsDisk.Of(SyntheticSystem.Create(true), WindowsDisk.Software("10.0", build, "Server"));

        await ConvertAsync(disk);

        Assert.Equal($"viostor/{folder}/amd64/viostor.sys", disk.Volume.Text("/Windows/System32/drivers/viostor.sys"));
    }

    [Fact]
    public async Task Plan_NothingOffered_IsAFindingAndKeepsTheFallBacks()
    {
        Offer("viostor/2k19/x86/viostor.sys");
        var disk = WindowsDisk.Of(SyntheticSystem.Create(true), WindowsDisk.Software("10.0", 17763, "Server"));

        var plan = await ConvertAsync(disk);

        Assert.Contains(plan.Findings, f => f.Id == "GUEST_NO_VIRTIO");
        Assert.Null(disk.OpenSystem().Find("ControlSet001\\Services\\viostor"));
        Assert.Null(disk.OpenSystem().Find("ControlSet001\\Services\\storahci\\StartOverride"));
    }

    private void Offer(params string[] files)
    {
        foreach (var file in files)
        {
            Directory.CreateDirectory(Path.Combine(_folder.FullName, Path.GetDirectoryName(file)!));
            File.WriteAllText(Path.Combine(_folder.FullName, file), file);
        }
    }

    private Task<FixupPlan> ConvertAsync(WindowsDisk disk) => disk.ConvertAsync("kvm", virtio: new VirtioWin(_folder.FullName));
}
