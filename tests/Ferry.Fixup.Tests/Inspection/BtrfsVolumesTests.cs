using Ferry.Fixup.Inspection;

namespace Ferry.Fixup.Tests.Inspection;

public sealed class BtrfsVolumesTests
{
    [Fact]
    public void Resolve_Subvolumes_KnowTheirDevice()
    {
        var resolved = BtrfsVolumes.Resolve(Listed("/dev/sda2", "btrfsvol:/dev/sda2/@rootfs", "/dev/vg/data", "btrfsvol:/dev/vg/data/@/.snapshots/1/snapshot"));

        Assert.Equal(["/dev/sda2", "/dev/sda2", "/dev/vg/data", "/dev/vg/data"], resolved.Select(f => f.BlockDevice));
        Assert.Equal(["", "@rootfs", "", "@/.snapshots/1/snapshot"], resolved.Select(f => f.Subvolume));
    }

    [Fact]
    public void Resolve_SubvolumeByTheKernelsNameOfItsDisk_KnowsTheDevice()
    {
        var resolved = BtrfsVolumes.Resolve(Listed("/dev/sda2", "btrfsvol:/dev/sdb2/@rootfs"));
        Assert.Equal(("/dev/sda2", "@rootfs"), (resolved[1].BlockDevice, resolved[1].Subvolume));

        var unclear = BtrfsVolumes.Resolve(Listed("/dev/sda2", "/dev/sdb2", "btrfsvol:/dev/sdc2/@rootfs"));
        Assert.Equal("", unclear[2].Subvolume);
    }

    [Theory]
    [InlineData("/dev/sda2", "/dev/sda2", "btrfsvol:/dev/sda2/@/.snapshots/2/snapshot")]
    [InlineData("btrfsvol:/dev/sda2/@", "btrfsvol:/dev/sda2/timeshift-btrfs/snapshots/1/@", "btrfsvol:/dev/sda2/@")]
    [InlineData("btrfsvol:/dev/sda2/@rootfs", "btrfsvol:/dev/sda2/@rootfs")]
    public void Roots_SnapshotsOfOneSystem_AreNoOtherSystem(string started, params string[] roots) =>
        Assert.Equal([started], Roots(roots));

    [Theory]
    [InlineData("btrfsvol:/dev/sda2/one", "btrfsvol:/dev/sda2/two")]
    [InlineData("/dev/sda1", "/dev/sda2")]
    public void Roots_OfDifferentSystems_AreAllThere(params string[] roots) => Assert.Equal(roots, Roots(roots));

    [Theory]
    [InlineData("subvol=/@/var", "btrfsvol:/dev/sda2/@/var")]
    [InlineData("noatime,subvol=@home", "btrfsvol:/dev/sda2/@home")]
    [InlineData("subvol=@gone", "/dev/sda2")]
    [InlineData("noatime", "/dev/sda2")]
    public void Mounted_SubvolumeOfTheOptions_IsTaken(string options, string expected)
    {
        var all = BtrfsVolumes.Resolve(Listed("/dev/sda2", "btrfsvol:/dev/sda2/@/var", "btrfsvol:/dev/sda2/@home"));

        Assert.Equal(expected, BtrfsVolumes.Mounted(all[0], options.Split(','), all).Device);
    }

    private static IEnumerable<string> Roots(string[] roots)
    {
        var all = BtrfsVolumes.Resolve([.. Listed("/dev/sda1", "/dev/sda2"), .. Listed(roots).Where(f => f.Device.StartsWith("btrfsvol", StringComparison.Ordinal))]);
        return BtrfsVolumes.Roots([.. roots.Select(root => (all.Single(f => f.Device == root), "linux"))]).Select(r => r.FileSystem.Device);
    }

    private static IReadOnlyList<GuestFileSystem> Listed(params string[] devices) => [.. devices.Select(device => new GuestFileSystem(device, "btrfs", "", "", ""))];
}
