using Ferry.Agent.Inventory.Disks;

namespace Ferry.Agent.Tests.Inventory;

/// <summary>What makes a disk unfit to be captured offline.</summary>
public sealed class DiskUseTests
{
    [Theory]
    [InlineData("30 1 8:1 / /boot rw - ext4 /dev/sda1 rw", true)]
    [InlineData("30 1 8:1 / /mnt rw - ext4 /dev/sda1 ro", false)]
    [InlineData("30 1 8:1 / /mnt ro - ext4 /dev/sda1 rw", true)]
    [InlineData("30 1 8:17 / /usb rw - ext4 /dev/sdb1 rw", false)]
    [InlineData("30 1 254:0 / / rw - xfs /dev/mapper/vg-root rw", true)]
    [InlineData("30 1 0:33 /@ / rw - btrfs /dev/sda1 rw", true)]
    [InlineData("30 1 0:33 /@ / rw - btrfs /dev/mapper/vg-root rw", true)]
    [InlineData("30 1 0:5 / /proc rw - proc proc rw", false)]
    public void MountedDisk_IsInUse(string mountinfo, bool used)
    {
        using var tree = Tree().File("/proc/self/mountinfo", mountinfo);
        var disk = DiskReader.Read(tree.Root, "sda")!;
        Assert.Equal(used, DiskUse.Find(tree.Root, disk, MountInventory.Read(tree.Root), []) is not null);
    }

    [Theory]
    [InlineData("/dev/sda1 partition 1024 0 -2", true)]
    [InlineData("/dev/dm-0 partition 1024 0 -2", true)]
    [InlineData("/dev/zram0 partition 1024 0 100", false)]
    public void DiskThatIsSwappedTo_IsInUse(string line, bool used)
    {
        using var tree = Tree().File("/proc/swaps", "Filename Type Size Used Priority\n" + line);
        var disk = DiskReader.Read(tree.Root, "sda")!;
        Assert.Equal(used, DiskUse.Find(tree.Root, disk, [], SwapInventory.Read(tree.Root)) is not null);
    }

    private static SystemTree Tree() => new SystemTree().SataDisk("sda", "8:0", 2048, ("sda1", "8:1"))
        .Folder("/sys/block/sda/sda1/holders/dm-0").File("/sys/block/dm-0/size", "1024").File("/sys/block/dm-0/dev", "254:0").File("/sys/class/block/dm-0/dev", "254:0")
        .Link("/dev/mapper/vg-root", "../dm-0").File("/sys/class/block/sdb1/dev", "8:17");
}
