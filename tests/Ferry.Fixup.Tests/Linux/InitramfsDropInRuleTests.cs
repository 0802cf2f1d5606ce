using Ferry.Fixup.Guests.Linux.Rules;
using Ferry.Fixup.Tests.Volumes;

namespace Ferry.Fixup.Tests.Linux;

public sealed class InitramfsDropInRuleTests
{
    [Theory]
    [InlineData("debian")]
    [InlineData("ubuntu")]
    public async Task InitramfsTools_List_GetsTheDrivers(string distribution)
    {
        var volume = new MemoryVolume().File("/etc/initramfs-tools/modules", "# list\nhv_vmbus\n");
        await RuleRun.RunAsync(new InitramfsDropInRule(), volume, guest: RuleRun.Guest with { Distribution = distribution });

        Assert.StartsWith("# list\nhv_vmbus\n# ferry", volume.Text("/etc/initramfs-tools/modules"), StringComparison.Ordinal);
        Assert.Contains("\nhv_storvsc\n", volume.Text("/etc/initramfs-tools/modules"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dracut_GetsADropIn_ThatFollowsTheTarget()
    {
        var volume = new MemoryVolume().Folder("/usr/lib/dracut");
        var guest = RuleRun.Guest with { Distribution = "rocky" };
        await RuleRun.RunAsync(new DracutDropInRule(), volume, "hyperv", guest);
        Assert.EndsWith("add_drivers+=\" hv_vmbus hv_storvsc sd_mod hv_netvsc hyperv_keyboard hid_hyperv \"\n", volume.Text("/etc/dracut.conf.d/90-ferry.conf"), StringComparison.Ordinal);

        await RuleRun.RunAsync(new DracutDropInRule(), volume, "kvm", guest);
        Assert.Contains(" virtio_blk ", volume.Text("/etc/dracut.conf.d/90-ferry.conf"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dracut_NotInstalled_NothingIsMade() => Assert.False((await RuleRun.RunAsync(new DracutDropInRule(), new MemoryVolume())).Applies);

    [Theory]
    [InlineData("INITRD_MODULES=\"mptspi ata_piix\"", "INITRD_MODULES=\"mptspi ata_piix virtio_pci virtio_blk virtio_scsi sd_mod virtio_net virtio_console virtio_balloon virtio_rng\"")]
    [InlineData("#INITRD_MODULES=\"\"", "#INITRD_MODULES=\"\"")]
    [InlineData("DOMU_INITRD_MODULES=\"\"", "DOMU_INITRD_MODULES=\"\"")]
    public async Task Suse_OldList_GetsTheDrivers(string before, string after)
    {
        var volume = new MemoryVolume().File("/etc/sysconfig/kernel", before + "\n");
        await RuleRun.RunAsync(new SuseInitrdModulesRule(), volume, "kvm", RuleRun.Guest with { Distribution = "sles" });

        Assert.Equal(after + "\n", volume.Text("/etc/sysconfig/kernel"));
    }
}
