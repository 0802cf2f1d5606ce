namespace Ferry.Fixup.Inspection;

/// <summary>The subvolumes of btrfs, which the appliance lists beside the device itself as <c>btrfsvol:DEVICE/SUBVOLUME</c>; the device alone stands for the default subvolume.</summary>
internal static class BtrfsVolumes
{
    private const string Prefix = "btrfsvol:";

    // As Debian, Ubuntu and Fedora name the subvolume of the root.
    private static readonly string[] RootNames = ["@rootfs", "@", "root"];

    /// <summary>The same file systems; subvolumes know their device. Where one ends and the other begins only the list tells: both may have slashes.</summary>
    public static IReadOnlyList<GuestFileSystem> Resolve(IReadOnlyList<GuestFileSystem> fileSystems)
    {
        var devices = fileSystems.Where(f => !IsSubvolume(f)).Select(f => f.Device).OrderByDescending(d => d.Length).ToList();
        return [.. fileSystems.Select(f => IsSubvolume(f) && devices.Find(d => f.Device.StartsWith($"{Prefix}{d}/", StringComparison.Ordinal)) is { } device
            ? f with { BlockDevice = device, Subvolume = f.Device[(Prefix.Length + device.Length + 1)..] }
            : f)];
    }

    /// <summary>
    /// The roots of which one has to be chosen by the operator. Several on one btrfs are one system and its snapshots: the one that is started is the default subvolume, as SUSE
    /// has it, or the one of the usual name.
    /// </summary>
    public static IReadOnlyList<(GuestFileSystem FileSystem, string Family)> Roots(IReadOnlyList<(GuestFileSystem FileSystem, string Family)> roots) =>
        [.. roots.GroupBy(r => r.FileSystem.BlockDevice).SelectMany(Started)];

    /// <summary>What an entry of fstab mounts: the subvolume that its options name, where there is one.</summary>
    public static GuestFileSystem Mounted(GuestFileSystem fileSystem, IReadOnlyList<string> options, IReadOnlyList<GuestFileSystem> all)
    {
        const string Option = "subvol=";
        var name = options.LastOrDefault(o => o.StartsWith(Option, StringComparison.Ordinal))?[Option.Length..].Trim('/');
        return name is null ? fileSystem : all.FirstOrDefault(f => f.BlockDevice == fileSystem.BlockDevice && f.Subvolume == name) ?? fileSystem;
    }

    private static bool IsSubvolume(GuestFileSystem fileSystem) => fileSystem.Device.StartsWith(Prefix, StringComparison.Ordinal);

    private static IEnumerable<(GuestFileSystem FileSystem, string Family)> Started(IEnumerable<(GuestFileSystem FileSystem, string Family)> roots)
    {
        var all = roots.ToList();
        var started = all.Where(r => r.FileSystem.Subvolume.Length == 0).ToList();
        if (started.Count == 0)
        {
            started = [.. RootNames.Select(name => all.Find(r => r.FileSystem.Subvolume == name)).Where(r => r.FileSystem is not null).Take(1)];
        }

        return started.Count == 1 ? started : all;
    }
}
