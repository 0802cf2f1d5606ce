using Ferry.Contracts;
using Ferry.Fixup.Appliance;
using Ferry.Fixup.Guests.Windows;
using Ferry.Fixup.Volumes;

namespace Ferry.Fixup.Inspection;

/// <summary>Looks at every file system for a system's root, by what stands in it. Mounts read-only, one after the other.</summary>
internal sealed class RootFinder(ApplianceSession session, GuestTree tree)
{
    private static readonly string[] Mountable = ["ext2", "ext3", "ext4", "xfs", "btrfs", "vfat", "ntfs", "f2fs", "jfs"];
    private readonly List<Finding> _findings = [];
    private readonly List<GuestFileSystem> _bootVolumes = [];

    /// <summary>File systems that hold a boot configuration store of Windows.</summary>
    public IReadOnlyList<GuestFileSystem> BootVolumes => _bootVolumes;

    /// <summary>Roots with their family, and findings.</summary>
    public async Task<(IReadOnlyList<(GuestFileSystem FileSystem, string Family)> Roots, IReadOnlyList<Finding> Findings)> FindAsync(
        IReadOnlyList<GuestFileSystem> fileSystems, CancellationToken cancellationToken)
    {
        var roots = new List<(GuestFileSystem, string)>();
        foreach (var fileSystem in fileSystems)
        {
            if (fileSystem.Type is "crypto_LUKS" or "BitLocker")
            {
                _findings.Add(GuestFindings.Encrypted(fileSystem.Device, fileSystem.Type));
            }
            else if (Mountable.Contains(fileSystem.Type) && await FamilyAsync(fileSystem, cancellationToken) is { } family)
            {
                roots.Add((fileSystem, family));
            }
        }

        return (BtrfsVolumes.Roots(roots), _findings);
    }

    private async Task<string?> FamilyAsync(GuestFileSystem fileSystem, CancellationToken cancellationToken)
    {
        try
        {
            await session.CallAsync("mount", ["ro", fileSystem.Device, "/"], cancellationToken);
        }
        catch (GuestfsException e)
        {
            _findings.Add(GuestFindings.Dirty(fileSystem.Device, e.Message));
            return null;
        }

        try
        {
            var files = new WindowsFiles(tree);
            if (await files.FindAsync("EFI/Microsoft/Boot/BCD", cancellationToken) is not null || await files.FindAsync("Boot/BCD", cancellationToken) is not null)
            {
                _bootVolumes.Add(fileSystem);
            }

            return await IsLinuxAsync(cancellationToken) ? "linux" : await IsWindowsAsync(fileSystem, cancellationToken) ? "windows" : null;
        }
        finally
        {
            await session.CallAsync("umount-all", [], cancellationToken);
        }
    }

    private async Task<bool> IsLinuxAsync(CancellationToken cancellationToken) =>
        await tree.IsDirectoryAsync("/etc", cancellationToken)
        && await tree.ResolveAsync("/bin", followLast: false, cancellationToken) is not null
        && (await tree.IsFileAsync("/etc/fstab", cancellationToken) || await tree.IsFileAsync("/etc/hosts", cancellationToken));

    private async Task<bool> IsWindowsAsync(GuestFileSystem fileSystem, CancellationToken cancellationToken)
    {
        var names = await tree.ListAsync("/", cancellationToken);
        string? Named(IEnumerable<string> among, string name) => among.FirstOrDefault(n => string.Equals(n, name, StringComparison.OrdinalIgnoreCase));
        foreach (var candidate in new[] { "Windows", "WINNT" })
        {
            if (Named(names, candidate) is { } folder && Named(await tree.ListAsync("/" + folder, cancellationToken), "System32") is not null)
            {
                if (Named(names, "hiberfil.sys") is { } hibernation && await IsHibernatedAsync("/" + hibernation, cancellationToken))
                {
                    _findings.Add(GuestFindings.Hibernated(fileSystem.Device));
                }

                return true;
            }
        }

        return false;
    }

    /// <summary>Anything but zeros or a resumed image (<c>wake</c>) counts as hibernated; the cost of the two mistakes is not symmetric.</summary>
    private async Task<bool> IsHibernatedAsync(string path, CancellationToken cancellationToken)
    {
        var start = (await session.CallAsync("readstart", [path, "4"], cancellationToken)).Payload;
        var text = System.Text.Encoding.Latin1.GetString(start.Span);
        return start.Span.ContainsAnyExcept((byte)0) && !text.Equals("wake", StringComparison.OrdinalIgnoreCase);
    }
}
