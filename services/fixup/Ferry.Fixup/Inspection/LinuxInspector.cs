using System.Text.RegularExpressions;
using Ferry.Fixup.Guests.Linux.Text;
using Ferry.Fixup.Volumes;

namespace Ferry.Fixup.Inspection;

/// <summary>Reads what a mounted Linux root says about itself.</summary>
internal sealed partial class LinuxInspector(GuestTree tree)
{
    private const int MaximumKernels = 64;
    private static readonly string[] MountPoints = ["/boot", "/boot/efi", "/usr", "/var"];

    /// <summary>File systems of other mount points that the fix-up needs, by the root's fstab.</summary>
    public async Task<IReadOnlyList<GuestMount>> MountsAsync(
        DeviceNames devices, IReadOnlyList<GuestFileSystem> fileSystems, CancellationToken cancellationToken)
    {
        var fstab = await tree.ReadTextAsync("/etc/fstab", cancellationToken) ?? "";
        var mounts = new List<GuestMount>();
        foreach (var line in FstabLine.Parse(fstab).Where(l => MountPoints.Contains(l.MountPoint)).DistinctBy(l => l.MountPoint).OrderBy(l => l.MountPoint.Length))
        {
            if (devices.Resolve(line.Device) is { } fileSystem)
            {
                mounts.Add(new GuestMount(line.MountPoint, BtrfsVolumes.Mounted(fileSystem, line.Options, fileSystems)));
            }
            else
            {
                throw new GuestRefusedException(GuestFindings.DeviceUnresolved(Contracts.FindingSeverity.Error, "/etc/fstab", line.Device, $"which is needed at {line.MountPoint} and is not on the disks"));
            }
        }

        return mounts;
    }

    /// <summary>Distribution, version, architecture, kernels, boot loader.</summary>
    public async Task<GuestInspection> InspectAsync(CancellationToken cancellationToken)
    {
        var release = OsRelease(await tree.ReadTextAsync("/etc/os-release", cancellationToken) ?? await tree.ReadTextAsync("/usr/lib/os-release", cancellationToken) ?? "");
        var loader = await BootLoaderFiles.FindAsync(tree, cancellationToken);
        return new GuestInspection
        {
            Family = "linux",
            Distribution = release.GetValueOrDefault("ID", ""),
            Version = release.GetValueOrDefault("VERSION_ID", ""),
            PrettyName = release.GetValueOrDefault("PRETTY_NAME", "Linux"),
            Architecture = await ArchitectureAsync(cancellationToken),
            BootLoader = loader.Name,
            Kernels = await KernelsAsync(await loader.TextAsync(tree, cancellationToken), cancellationToken),
        };
    }

    internal static Dictionary<string, string> OsRelease(string text)
    {
        var values = new Dictionary<string, string>();
        foreach (Match line in ReleaseLine().Matches(text))
        {
            values.TryAdd(line.Groups[1].Value, line.Groups[2].Value.Trim().Trim('"', '\''));
        }

        return values;
    }

    private async Task<string> ArchitectureAsync(CancellationToken cancellationToken)
    {
        foreach (var (loader, name) in new[] { ("/lib64/ld-linux-x86-64.so.2", "x86_64"), ("/lib/ld-linux-aarch64.so.1", "aarch64"), ("/lib/ld-linux.so.2", "i386") })
        {
            if (await tree.ResolveAsync(loader, followLast: true, cancellationToken) is not null)
            {
                return name;
            }
        }

        return "";
    }

    private async Task<IReadOnlyList<GuestKernel>> KernelsAsync(string grub, CancellationToken cancellationToken)
    {
        var kernels = new List<GuestKernel>();
        foreach (var version in (await tree.ListAsync("/lib/modules", cancellationToken)).Where(v => VersionName().IsMatch(v)).Take(MaximumKernels))
        {
            var image = $"/boot/vmlinuz-{version}";
            if (await tree.IsFileAsync($"/lib/modules/{version}/modules.dep", cancellationToken) && await tree.IsFileAsync(image, cancellationToken))
            {
                var started = Regex.IsMatch(grub, $@"/vmlinuz-{Regex.Escape(version)}(?:\s|$)", RegexOptions.CultureInvariant);
                kernels.Add(new GuestKernel(version, $"/lib/modules/{version}", image, await InitrdAsync(version, cancellationToken), started));
            }
        }

        return kernels;
    }

    /// <summary>As Debian, Red Hat and SUSE name it.</summary>
    private async Task<string?> InitrdAsync(string version, CancellationToken cancellationToken)
    {
        foreach (var name in new[] { $"initrd.img-{version}", $"initramfs-{version}.img", $"initrd-{version}" })
        {
            if (await tree.ResolveAsync("/boot/" + name, followLast: true, cancellationToken) is { } path)
            {
                return path;
            }
        }

        return null;
    }

    [GeneratedRegex(@"^([A-Z_]{1,40})=(.{0,400})$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex ReleaseLine();

    [GeneratedRegex(@"^[0-9][A-Za-z0-9_.+~-]{0,100}$", RegexOptions.CultureInvariant)]
    private static partial Regex VersionName();
}
