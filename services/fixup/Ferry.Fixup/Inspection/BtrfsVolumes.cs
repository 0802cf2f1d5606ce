using System.Text.RegularExpressions;

namespace Ferry.Fixup.Inspection;

/// <summary>The subvolumes of btrfs, which the appliance lists beside the device itself as <c>btrfsvol:DEVICE/SUBVOLUME</c>; the device alone stands for the default subvolume.</summary>
internal static partial class BtrfsVolumes
{
    private const string Prefix = "btrfsvol:";

    // As Debian, Ubuntu and Fedora name the subvolume of the root.
    private static readonly string[] RootNames = ["@rootfs", "@", "root"];

    /// <summary>The same file systems; subvolumes know their device. Where one ends and the other begins only the list tells: both may have slashes.</summary>
    public static IReadOnlyList<GuestFileSystem> Resolve(IReadOnlyList<GuestFileSystem> fileSystems)
    {
        var devices = fileSystems.Where(f => !IsSubvolume(f)).OrderByDescending(f => f.Device.Length).ToList();
        return [.. fileSystems.Select(f => IsSubvolume(f) ? Resolve(f, devices) : f)];
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

    private static GuestFileSystem Resolve(GuestFileSystem subvolume, IReadOnlyList<GuestFileSystem> devices)
    {
        if (devices.FirstOrDefault(d => subvolume.Device.StartsWith($"{Prefix}{d.Device}/", StringComparison.Ordinal)) is { } listed)
        {
            return subvolume with { BlockDevice = listed.Device, Subvolume = subvolume.Device[(Prefix.Length + listed.Device.Length + 1)..] };
        }

        // The appliance gives subvolumes the kernel's name of their disk, which may be another than the one that it gives the disk itself; the number of the partition is the same.
        if (KernelName().Match(subvolume.Device) is not { Success: true } named)
        {
            return subvolume;
        }

        var alike = devices.Where(d => d.Type == "btrfs" && KernelName().Match($"{Prefix}{d.Device}/x") is { Success: true } m && m.Groups["part"].Value == named.Groups["part"].Value).ToList();
        return alike.Count == 1 ? subvolume with { BlockDevice = alike[0].Device, Subvolume = named.Groups["path"].Value } : subvolume;
    }

    [GeneratedRegex("^btrfsvol:/dev/sd[a-z]{1,2}(?<part>[0-9]*)/(?<path>.+)$", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex KernelName();

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
