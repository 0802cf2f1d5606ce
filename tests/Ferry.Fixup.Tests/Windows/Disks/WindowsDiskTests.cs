using System.Text;
using Ferry.Contracts.Machines;
using Ferry.Fixup.Guests.Windows;
using Ferry.Fixup.Planning;
using Ferry.Fixup.Tests.Engine;
using Ferry.Hives;

namespace Ferry.Fixup.Tests.Windows.Disks;

/// <summary>Windows volumes on real NTFS through the real appliance, read back by ntfs-3g, mtools and hivexregedit.</summary>
public sealed class WindowsDiskTests(ITestOutputHelper output)
{
    private const string FirstBoot = "/Windows/FerryFirstBoot";
    private const string Config = "/Windows/System32/config/";
    private const string Loader = "/EFI/Microsoft/Boot/bootmgfw.efi";
    private static readonly byte[] BootManager = Encoding.ASCII.GetBytes("Windows' boot manager");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_Windows10WithDirtyHiveOnGpt_IsFixedUpAndNeedsNothingAfterwards()
    {
        using var scratch = new ScratchFolder();
        var logs = new List<HiveLog> { new("SYSTEM.LOG1", await WindowsSamples.ReadAsync("SYSTEM_B.LOG1")), new("SYSTEM.LOG2", await WindowsSamples.ReadAsync("SYSTEM_B.LOG2")) };
        var dirty = await WindowsSamples.ReadAsync("SYSTEM_B");
        var clean = Hive.Open(dirty, new HiveOpenOptions { Name = "SYSTEM", Logs = logs }).Save().Content.ToArray();
        var files = WindowsDisk.Of(dirty, logs, WindowsDisk.Software("10.0", 16299, "Client")).Add("/Windows/Temp/left.tmp", [1]);
        var disk = new WindowsDiskImage(scratch.Path);
        var boot = new Dictionary<string, byte[]> { ["/EFI/Microsoft/Boot/BCD"] = await WindowsSamples.ReadAsync("BCD"), [Loader] = BootManager };
        await disk.BuildAsync(WindowsDiskLayout.Gpt, files.Volume.Files, boot);

        var result = await new WindowsDiskRun(disk, scratch, output).RunAsync("hyperv", Firmware.Uefi);

        Assert.True(result.Applied);
        Assert.Equal("10.0.16299.0", result.Guest.Version);
        Assert.Equal("x86_64", result.Guest.Architecture);
        Assert.Equal("/Windows/Temp", Assert.Single(result.Guest.Mounts, m => m.FileSystem.Type == "vfat").Path);
        await disk.CheckAsync(WindowsDiskLayout.Gpt);
        Assert.Equal(BootManager, await disk.BootFileAsync("/EFI/BOOT/BOOTX64.EFI"));
        await disk.ReadAsync(async root =>
        {
            Assert.All(logs, l => Assert.Equal(0, new FileInfo(root + Config + l.Name).Length));
            Assert.Equal(dirty, await File.ReadAllBytesAsync($"{root}{Config}SYSTEM.pre-fixup", Token));
            await WindowsHives.OnlyPlannedChangedAsync(clean, await File.ReadAllBytesAsync($"{root}{Config}SYSTEM", Token), result.Plan!);
        });
        Assert.All(await disk.AuditAsync(FirstBoot, FirstBoot + "/first-boot.exe", FirstBoot + "/scripts/100-hello.cmd"), a => Assert.Contains("mode 0700", a, StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Tier", "all")]
    public async Task Run_Windows7ForKvmOnMbr_IsFixedUpAndNeedsNothingAfterwards()
    {
        using var scratch = new ScratchFolder();
        foreach (var file in new[] { "viostor/w7/x86/viostor.sys", "viostor/w7/x86/viostor.inf", "guest-agent/qemu-ga-i386.msi" })
        {
            Directory.CreateDirectory(Path.Combine(scratch.Path, "virtio", Path.GetDirectoryName(file)!));
            await File.WriteAllTextAsync(Path.Combine(scratch.Path, "virtio", file), file, Token);
        }

        // Folders as Windows 7 may have them: names in another case.
        static string Cased(string path) => path.Replace("/Windows/", "/WINDOWS/", StringComparison.Ordinal).Replace("/System32/", "/system32/", StringComparison.Ordinal);
        var clean = await WindowsSamples.ReadAsync("SYSTEM");
        var files = WindowsDisk.Of(clean, [], WindowsDisk.Software("6.1", 7601, "Client"), 0x14C).Add("/Windows/TEMP/left.tmp", [1]);
        var disk = new WindowsDiskImage(scratch.Path);
        await disk.BuildAsync(
            WindowsDiskLayout.Mbr, files.Volume.Files.Select(f => KeyValuePair.Create(Cased(f.Key), f.Value)), new Dictionary<string, byte[]> { ["/Boot/BCD"] = await WindowsSamples.ReadAsync("BCD") });
        var engine = new WindowsDiskRun(disk, scratch, output) { Planner = new FixupPlanner(virtio: new VirtioWin(Path.Combine(scratch.Path, "virtio"))) };

        var result = await engine.RunAsync("kvm", Firmware.Bios);

        Assert.Equal("i386", result.Guest.Architecture);
        Assert.Equal(["/", "/WINDOWS/TEMP"], result.Guest.Mounts.Select(m => m.Path));
        await disk.CheckAsync(WindowsDiskLayout.Mbr);
        await disk.ReadAsync(async root =>
        {
            Assert.Equal("viostor/w7/x86/viostor.sys", await File.ReadAllTextAsync(root + "/WINDOWS/system32/drivers/viostor.sys", Token));
            Assert.Equal("guest-agent/qemu-ga-i386.msi", await File.ReadAllTextAsync(root + "/WINDOWS/FerryFirstBoot/packages/qemu-ga-i386.msi", Token));
            var after = await WindowsHives.OnlyPlannedChangedAsync(clean, await File.ReadAllBytesAsync(root + "/WINDOWS/system32/config/SYSTEM", Token), result.Plan!);
            Assert.Equal("dword:00000000", after["\\ControlSet001\\Services\\viostor Start"]);
            Assert.Equal("dword:00000000", after["\\ControlSet001\\Services\\msahci Start"]);
            Assert.Equal("dword:00000004", after["\\ControlSet001\\Services\\vmci Start"]);
            Assert.True(after.ContainsKey("\\ControlSet001\\Control\\CriticalDeviceDatabase\\PCI#VEN_1AF4&DEV_1001&REV_00 Service"));
        });
        var driver = Assert.Single(await disk.AuditAsync("/WINDOWS/system32/drivers/viostor.sys"));
        Assert.Contains("mode 0755", driver, StringComparison.Ordinal);
        await engine.IsDoneAsync("kvm", Firmware.Bios);
    }

    /// <summary>The reference's table of services, read back by hivexregedit.</summary>
    [Theory]
    [Trait("Tier", "all")]
    [InlineData("6.1", 7601, "Server", WindowsDiskLayout.Mbr, "hyperv")]
    [InlineData("6.3", 9600, "Server", WindowsDiskLayout.Gpt, "hyperv")]
    [InlineData("10.0", 17763, "Server", WindowsDiskLayout.Gpt, "azure")]
    [InlineData("10.0", 26100, "Server", WindowsDiskLayout.Gpt, "azure")]
    [InlineData("10.0", 22631, "Client", WindowsDiskLayout.Mbr, "kvm")]
    public async Task Run_EveryVersion_HasTheTargetsDriversStarted(string version, int build, string installation, WindowsDiskLayout layout, string platform)
    {
        using var scratch = new ScratchFolder();
        var isUefi = layout == WindowsDiskLayout.Gpt;
        var firmware = isUefi ? Firmware.Uefi : Firmware.Bios;
        var files = WindowsDisk.Of(SyntheticSystem.Create(version != "6.1"), WindowsDisk.Software(version, build, installation)).Add("/Windows/Temp/left.tmp", [1]);
        var disk = new WindowsDiskImage(scratch.Path);
        var store = await WindowsSamples.ReadAsync("BCD");
        await disk.BuildAsync(layout, files.Volume.Files, isUefi ? new Dictionary<string, byte[]> { ["/EFI/Microsoft/Boot/BCD"] = store, [Loader] = BootManager } : new() { ["/Boot/BCD"] = store });
        var engine = new WindowsDiskRun(disk, scratch, output);

        var result = await engine.RunAsync(platform, firmware);

        Assert.True(result.Applied);
        await disk.CheckAsync(layout);
        string[] started = platform == "kvm" ? ["intelide", "pciide", "atapi", "stornvme"] : isUefi ? ["vmbus", "storvsc", "storflt"] : ["vmbus", "storvsc", "storflt", "intelide", "pciide", "atapi"];
        await disk.ReadAsync(async root =>
        {
            var read = await WindowsDisk.ExportAsync(await File.ReadAllBytesAsync($"{root}{Config}SYSTEM", Token), "\\");
            foreach (var set in SyntheticSystem.ControlSets.Select(s => $"\\{s}\\Services\\"))
            {
                Assert.All(started, s => Assert.Equal("dword:00000000", read[$"{set}{s} Start"]));
                Assert.All(started, s => Assert.DoesNotContain($"{set}{s}\\StartOverride", read.Keys));
                Assert.All(["vmci", "vsock", "vmhgfs", "VMTools"], s => Assert.Equal("dword:00000004", read[$"{set}{s} Start"]));
                Assert.All(["vmgid", "s3cap", "vmicheartbeat", "netvsc"], s => Assert.Equal("dword:00000003", read[$"{set}{s} Start"]));
                Assert.Equal("dword:00000002", read[$"{set}FerryFirstBoot Start"]);
            }
        });
        await engine.IsDoneAsync(platform, firmware);
    }
}
