using System.Text;
using Ferry.Fixup.Guests.Windows;
using Ferry.Fixup.Guests.Windows.FirstBoot;
using Ferry.Fixup.Planning;
using Ferry.Hives;

namespace Ferry.Fixup.Tests.Windows.FirstBoot;

public sealed class FirstBootRuleTests : IDisposable
{
    private const string Folder = "/Windows/FerryFirstBoot";
    private const string Id = "windows-first-boot";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Plan_StaticAddress_RegistersTheServiceInEveryControlSet()
    {
        var disk = Disk(SyntheticSystem.Create(true));

        await disk.ConvertAsync();

        Assert.Equal("program", disk.Volume.Text(Folder + "/first-boot.exe"));
        Assert.Contains(".\\first-boot.exe adapter 000C29FE5501 180", disk.Volume.Text(Folder + "/scripts/020-network-00.cmd"), StringComparison.Ordinal);
        foreach (var set in SyntheticSystem.ControlSets)
        {
            var key = $"\\{set}\\Services\\FerryFirstBoot";
            var read = await WindowsDisk.ExportAsync(disk.Bytes(WindowsDisk.SystemFile), key);
            Assert.Equal(("dword:00000010", "dword:00000002", "dword:00000001"), (read[$"{key} Type"], read[$"{key} Start"], read[$"{key} ErrorControl"]));
            Assert.Equal(Hex("hex(2)", "%SystemRoot%\\FerryFirstBoot\\first-boot.exe service 1800"), read[$"{key} ImagePath"]);
            Assert.Equal(Hex("hex(1)", "LocalSystem"), read[$"{key} ObjectName"]);
        }
    }

    [Fact]
    public async Task Plan_EveryFile_IsForTheSystemAndAdministratorsOnly()
    {
        var disk = Disk(SyntheticSystem.Create(true));

        var plan = await disk.PlanAsync();

        Assert.All(plan.Rules.Single(r => r.Rule == Id).Edits, e => Assert.Equal((0x1C0, true), (e.NewFileMode, e.IsFolderPrivate)));
    }

    [Fact]
    public async Task Plan_UserScripts_RunAfterOurOwnInTheirOrder()
    {
        var disk = Disk(SyntheticSystem.Create(true), t => t with { FirstBootScripts = [new("zeta.cmd", Encoding.ASCII.GetBytes("z")), new("alpha.PS1", Encoding.ASCII.GetBytes("a"))] });

        await disk.ConvertAsync();

        Assert.Equal(["020-network-00.cmd", "100-zeta.cmd", "101-alpha.PS1"], (await disk.Volume.ListAsync(Folder + "/scripts", TestContext.Current.CancellationToken)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("tool.exe", "tool.exe is none of .cmd, .bat, .ps1.")]
    [InlineData("../x.cmd", "other characters")]
    [InlineData("x.cmd\n", "other characters")]
    public async Task Plan_ScriptThatCannotRun_IsLeftOutWithAFinding(string name, string why)
    {
        var disk = Disk(SyntheticSystem.Create(true), t => t with { FirstBootScripts = [new(name, default)] });

        var plan = await disk.ConvertAsync();

        var finding = Assert.Single(plan.Findings, f => f.Id == "GUEST_FIRST_BOOT_LEFT_OUT");
        Assert.Contains(why, finding.Message, StringComparison.Ordinal);
        Assert.False(disk.Volume.Exists(Folder + "/first-boot.exe"));
        Assert.Null(disk.OpenSystem().Find("ControlSet001\\Services\\FerryFirstBoot"));
    }

    [Fact]
    public async Task Plan_BuildWithoutTheService_SaysWhatIsLeftOut()
    {
        var disk = WindowsDisk.Of(SyntheticSystem.Create(true), WindowsDisk.Software("10.0", 17763, "Server"), rules: [new FirstBootRule(_ => null)]);

        var plan = await disk.ConvertAsync();

        var finding = Assert.Single(plan.Findings, f => f.Id == "GUEST_FIRST_BOOT_LEFT_OUT");
        Assert.Contains("network settings of 000C29FE5501: 192.0.2.10", finding.Message, StringComparison.Ordinal);
        Assert.Empty(plan.Edits);
    }

    [Fact]
    public async Task Plan_DhcpAndNoScripts_NeedsNoService()
    {
        var system = SyntheticSystem.Create(true);
        foreach (var set in SyntheticSystem.ControlSets)
        {
            var key = system.Get($"{set}\\Services\\Tcpip\\Parameters\\Interfaces\\{SyntheticSystem.Id}");
            key.SetDWord("EnableDHCP", 1);
            key.DeleteValue("NameServer");
        }

        var plan = await Disk(system).ConvertAsync();

        Assert.Equal("Nothing is to be run at the first start.", plan.Rules.Single(r => r.Rule == Id).Reason);
    }

    [Fact]
    public async Task Plan_Azure_KeepsNoAddress()
    {
        var plan = await Disk(SyntheticSystem.Create(true)).ConvertAsync("azure");

        Assert.Equal("Nothing is to be run at the first start.", plan.Rules.Single(r => r.Rule == Id).Reason);
    }

    [Fact]
    public async Task Plan_StaticIpv6_IsAFinding()
    {
        var system = SyntheticSystem.Create(true);
        system.Root.Create("ControlSet001\\Control\\Nsi\\{eb004a01-9b1a-11d4-9123-0050047759bc}\\10").SetBinary("00", [1]);

        var plan = await Disk(system).ConvertAsync();

        Assert.Contains("IPv6", Assert.Single(plan.Findings, f => f.Id == "GUEST_NIC_AMBIGUOUS").Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x8664, "x86_64", true)]
    [InlineData(0x14C, "i386", true)]
    [InlineData(0x8664, "i386", false)]
    public async Task Plan_Kvm_InstallsDriversAndTheGuestAgentOfItsArchitecture(int machine, string offered, bool installed)
    {
        foreach (var file in new[] { "viostor/2k19/amd64/viostor.sys", "viostor/2k19/x86/viostor.sys", $"guest-agent/qemu-ga-{offered}.msi" })
        {
            Directory.CreateDirectory(Path.Combine(_folder.FullName, Path.GetDirectoryName(file)!));
            await File.WriteAllTextAsync(Path.Combine(_folder.FullName, file), file, TestContext.Current.CancellationToken);
        }

        var disk = WindowsDisk.Of(SyntheticSystem.Create(true), WindowsDisk.Software("10.0", 17763, "Server"), (ushort)machine, rules: WithProgram());

        await disk.ConvertAsync("kvm", virtio: new VirtioWin(_folder.FullName));

        var scripts = (await disk.Volume.ListAsync(Folder + "/scripts", TestContext.Current.CancellationToken)).Order(StringComparer.Ordinal);
        Assert.Equal(installed ? ["010-drivers.cmd", "020-network-00.cmd", "030-packages.cmd"] : ["010-drivers.cmd", "020-network-00.cmd"], scripts);
        Assert.Equal(installed, disk.Volume.Exists($"{Folder}/packages/qemu-ga-{offered}.msi"));
    }

    [Theory]
    [InlineData("WindowsAzureGuestAgent", false)]
    [InlineData("Unrelated", true)]
    public async Task Plan_Azure_InstallsTheOfferedAgentUnlessItIsThere(string service, bool installed)
    {
        var offered = Directory.CreateDirectory(Path.Combine(_folder.FullName, "azure", "windows-x86_64")).FullName;
        await File.WriteAllTextAsync(Path.Combine(offered, "WindowsAzureVmAgent.msi"), "agent", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(offered, "bad & name.msi"), "never", TestContext.Current.CancellationToken);
        var system = SyntheticSystem.Create(true);
        system.Root.Create($"ControlSet001\\Services\\{service}").SetDWord("Start", 2);
        var disk = Disk(system, t => t with { PackageFolder = _folder.FullName });

        await disk.ConvertAsync("azure");

        Assert.Equal(installed, disk.Volume.Exists(Folder + "/packages/WindowsAzureVmAgent.msi"));
        Assert.Equal(installed, disk.Volume.Exists(Folder + "/scripts/030-packages.cmd"));
        Assert.False(disk.Volume.Exists(Folder + "/packages/bad & name.msi"));
    }

    internal static IReadOnlyList<IFixupRule> WithProgram() => [.. WindowsRules.All.Where(r => r is not FirstBootRule), new FirstBootRule(_ => "program"u8.ToArray())];

    private static WindowsDisk Disk(Hive system, Func<FixupTarget, FixupTarget>? adjust = null) =>
        WindowsDisk.Of(system, WindowsDisk.Software("10.0", 17763, "Server"), adjust: adjust, rules: WithProgram());

    private static string Hex(string type, string text) => $"{type}:{string.Join(',', Encoding.Unicode.GetBytes(text + "\0").Select(b => b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)))}";
}
