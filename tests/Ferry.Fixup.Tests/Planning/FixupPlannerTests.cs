using Ferry.Contracts.Machines;
using Ferry.Fixup.Engine;
using Ferry.Fixup.Guests.Linux;
using Ferry.Fixup.Inspection;
using Ferry.Fixup.Planning;
using Ferry.Fixup.Tests.Engine;
using Ferry.Fixup.Tests.Linux;
using Ferry.Fixup.Tests.Volumes;
using Ferry.Fixup.Volumes;

namespace Ferry.Fixup.Tests.Planning;

/// <summary>All rules together, on whole guests in memory.</summary>
public sealed class FixupPlannerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("hyperv")]
    [InlineData("kvm")]
    [InlineData("azure")]
    public async Task RedHat_IsFixedUpInOneRun(string platform)
    {
        var volume = new MemoryVolume()
            .File("/boot/grub2/grub.cfg", "set default_kernelopts=\"root=/dev/sda2 ro\"\nblscfg\n").File("/boot/loader/entries/a.conf", "title A\noptions root=/dev/sda2 ro rhgb quiet modprobe.blacklist=hv_storvsc,virtio_blk\n")
            .File("/etc/default/grub", "GRUB_CMDLINE_LINUX=\"resume=/dev/sda1 rhgb quiet modprobe.blacklist=hv_vmbus,virtio_pci\"\n").Link("/etc/sysconfig/grub", "../default/grub")
            .File("/etc/fstab", "/dev/sda2 / ext4 defaults 0 1\n").File("/etc/crypttab", "data /dev/sdb1 none luks\n")
            .File("/etc/modprobe.d/hard.conf", "install hv_storvsc /bin/false\ninstall virtio_blk /bin/false\n").File("/etc/lvm/lvm.conf", "devices {\nfilter = [\"a|sda2|\", \"r|.*|\"]\n}\n")
            .File("/etc/lvm/devices/system.devices", "IDTYPE=sys_wwid IDNAME=x\n").Folder("/usr/lib/dracut").Folder("/etc/systemd/system")
            .File("/etc/sysconfig/network-scripts/ifcfg-ens192", "DEVICE=ens192\nIPADDR=192.0.2.2\n").File("/etc/cloud/cloud.cfg", "")
            .File("/boot/efi/EFI/redhat/shimx64.efi", "shim").File("/boot/efi/EFI/redhat/grubx64.efi", "grub").File("/etc/selinux/config", "SELINUX=enforcing\n").Attribute("/etc", "security.selinux", "etc_t");
        var guest = RuleRun.Guest with { Distribution = "rhel", Version = "9.4", Firmware = Firmware.Uefi, Architecture = "x86_64" };
        var target = new FixupTarget(platform, null, SampleGuest.Machine) { FirstBootScripts = [new FirstBootScript("hello", "#!/bin/sh\n"u8.ToArray())] };

        var plan = await RunAsync(volume, guest, target);

        var words = platform == "azure" ? " console=tty0 console=ttyS0,115200 earlyprintk=ttyS0,115200 rootdelay=300" : "";
        Assert.StartsWith("title A\noptions root=UUID=5555-2 ro" + (platform == "azure" ? "" : " rhgb quiet"), volume.Text("/boot/loader/entries/a.conf"), StringComparison.Ordinal);
        Assert.EndsWith(words + "\"\n", volume.Text("/etc/default/grub"), StringComparison.Ordinal);
        Assert.Contains("resume=UUID=5555-1", volume.Text("/etc/default/grub"), StringComparison.Ordinal);
        Assert.Equal("UUID=5555-2 / ext4 defaults 0 1\n", volume.Text("/etc/fstab"));
        Assert.Equal("data UUID=5555-3 none luks\n", volume.Text("/etc/crypttab"));
        Assert.False(volume.Exists("/etc/lvm/devices/system.devices"));
        Assert.Equal("shim", volume.Text("/boot/efi/EFI/BOOT/BOOTX64.EFI"));
        Assert.True(volume.Exists("/etc/systemd/network/10-ferry-ens192.link"));
        Assert.Equal("etc_t", volume.Attribute("/etc/dracut.conf.d/90-ferry.conf", "security.selinux"));
        Assert.False(volume.Exists("/.autorelabel"));
        Assert.Contains(plan.Edits.GroupBy(e => e.Path), g => g.Count() > 1);
        Assert.True((await PlanAsync(volume, guest, target)).IsEmpty);
    }

    [Theory]
    [InlineData("gentoo", "grub2", "hyperv")]
    [InlineData("debian", "", "hyperv")]
    [InlineData("debian", "grub2", "raw")]
    public async Task Unknown_IsRefused(string distribution, string loader, string platform)
    {
        var refused = await Assert.ThrowsAsync<GuestRefusedException>(() =>
            PlanAsync(new MemoryVolume(), RuleRun.Guest with { Distribution = distribution, BootLoader = loader }, new FixupTarget(platform, null, SampleGuest.Machine)));

        Assert.Equal("GUEST_NOT_HANDLED", Assert.Single(refused.Findings).Id);
    }

    [Fact]
    public void Rules_HaveDifferentIds() => Assert.Equal(LinuxRules.All.Count, LinuxRules.All.Select(r => r.Id).Distinct().Count());

    [Fact]
    public async Task Rules_StandInTheDocs()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Microservices.sln")))
        {
            folder = folder.Parent!;
        }

        var docs = await File.ReadAllTextAsync(Path.Combine(folder.FullName, "docs", "guest-rules.md"), Token);
        Assert.All(LinuxRules.All, r => Assert.Contains($"| `{r.Id}` |", docs, StringComparison.Ordinal));
    }

    private static async Task<FixupPlan> RunAsync(MemoryVolume volume, GuestInspection guest, FixupTarget target)
    {
        var plan = await PlanAsync(volume, guest, target);
        var applier = new PlanApplier(new GuestTree(volume));
        await applier.ApplyAsync(plan, activity: null, Token);
        await applier.VerifyAsync(plan, Token);
        return plan;
    }

    private static Task<FixupPlan> PlanAsync(MemoryVolume volume, GuestInspection guest, FixupTarget target) =>
        new FixupPlanner().PlanAsync(guest, target, new GuestTree(volume), "/nonexistent", activity: null, Token);
}
