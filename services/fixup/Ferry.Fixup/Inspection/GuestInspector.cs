using Ferry.Contracts;
using Ferry.Contracts.Machines;
using Ferry.Fixup.Appliance;
using Ferry.Fixup.Guests.Windows;
using Ferry.Fixup.Volumes;

namespace Ferry.Fixup.Inspection;

/// <summary>Finds out what a machine's disks hold, and leaves the guest's file systems mounted at their places.</summary>
internal sealed class GuestInspector(ApplianceSession session)
{
    private readonly ApplianceVolume _volume = new(session);

    /// <summary>The guest's files, once inspected.</summary>
    public GuestTree Tree => new(_volume);

    /// <summary>Inspects and mounts.</summary>
    /// <exception cref="GuestRefusedException">There is no single system that could be opened.</exception>
    public async Task<GuestInspection> InspectAsync(MachineDescription machine, bool writable, CancellationToken cancellationToken)
    {
        try
        {
            return await InspectAllAsync(machine, writable, cancellationToken);
        }
        catch (GuestVolumeException e)
        {
            throw new GuestRefusedException(GuestFindings.FileUnusable(e.Message));
        }
    }

    /// <summary>Mounts file systems at their places; a mount point that is a link is refused, as the appliance would follow it.</summary>
    public async Task MountAsync(IEnumerable<GuestMount> mounts, bool writable, CancellationToken cancellationToken)
    {
        foreach (var mount in mounts)
        {
            try
            {
                if (mount.Path != "/" && await Tree.ResolveAsync(mount.Path, followLast: true, cancellationToken) != mount.Path)
                {
                    throw new GuestRefusedException(GuestFindings.Dirty(mount.FileSystem.Device, $"its mount point {mount.Path} is no directory."));
                }

                await session.CallAsync("mount", [writable ? "rw" : "ro", mount.FileSystem.Device, mount.Path], cancellationToken);
                if (writable && (await session.CallAsync("isreadonly", [mount.Path], cancellationToken)).Values[0] != "0")
                {
                    // ntfs-3g does so by itself where Windows has not written everything to the disk.
                    throw new GuestRefusedException(GuestFindings.Dirty(mount.FileSystem.Device, "it was not unmounted cleanly, and can be mounted for reading only."));
                }
            }
            catch (GuestfsException e)
            {
                throw new GuestRefusedException(GuestFindings.Dirty(mount.FileSystem.Device, e.Message));
            }
        }
    }

    private async Task<GuestInspection> InspectAllAsync(MachineDescription machine, bool writable, CancellationToken cancellationToken)
    {
        var layout = await DiskLayout.ReadAsync(session, cancellationToken);
        var finder = new RootFinder(session, Tree);
        var (roots, findings) = await finder.FindAsync(layout.FileSystems, cancellationToken);
        findings = [.. findings, .. Combined(layout, roots)];
        if (roots.Count != 1 || findings.Any(f => f.Id == "GUEST_DYNAMIC_DISK" && f.Severity == FindingSeverity.Error))
        {
            throw new GuestRefusedException([.. roots.Count > 1 ? [GuestFindings.SeveralRoots(string.Join(", ", roots.Select(r => r.FileSystem.Device)))]
                : findings.Count > 0 ? [] : new[] { GuestFindings.Unknown(Summary(layout)) }, .. findings]);
        }

        // With a readable root, an encrypted volume beside it is the guest's own business: its data moves as it is.
        findings = [.. findings.Select(f => f.Id == "GUEST_ENCRYPTED" ? f with { Severity = FindingSeverity.Warning } : f)];
        var (root, family) = roots[0];
        var firmware = FirmwareOf(machine, layout, findings, out var all);
        var frame = new GuestInspection { Family = family, Disks = layout.Disks, FileSystems = layout.FileSystems, Firmware = firmware, Findings = all, Mounts = [new("/", root)] };
        if (family != "linux")
        {
            return await InspectWindowsAsync(frame, finder.BootVolumes, writable, cancellationToken);
        }

        var linux = new LinuxInspector(Tree);
        await MountAsync(frame.Mounts, writable, cancellationToken);
        var mounts = frame.Mounts.Concat(await linux.MountsAsync(new DeviceNames(layout.Disks, layout.FileSystems), layout.FileSystems, cancellationToken)).ToList();
        await MountAsync(mounts.Skip(1), writable, cancellationToken);
        var inspected = await linux.InspectAsync(cancellationToken);
        return inspected with { Disks = frame.Disks, FileSystems = frame.FileSystems, Firmware = firmware, Findings = all, Mounts = mounts };
    }

    /// <summary>Volumes that only Windows combines: the system's is refused, another one moves as it is.</summary>
    private static IEnumerable<Finding> Combined(DiskLayout layout, IReadOnlyList<(GuestFileSystem FileSystem, string Family)> roots)
    {
        foreach (var disk in layout.Disks.Where(d => d.Combined is not null))
        {
            var finding = GuestFindings.DynamicDisk(disk.Device, disk.Combined!);
            var isElsewhere = roots.Count > 0 && !roots.Any(r => r.FileSystem.Device.StartsWith(disk.Device, StringComparison.Ordinal) || r.FileSystem.Device.Contains("ldm_", StringComparison.Ordinal));
            yield return isElsewhere ? finding with { Severity = FindingSeverity.Warning } : finding;
        }
    }

    /// <summary>Mounts the root and, on one of its folders that is always there, the volume that Windows boots from; reads the registry.</summary>
    private async Task<GuestInspection> InspectWindowsAsync(GuestInspection frame, IReadOnlyList<GuestFileSystem> bootVolumes, bool writable, CancellationToken cancellationToken)
    {
        var root = frame.Mounts[0];
        if (writable && frame.Findings.Any(f => f.Severity == FindingSeverity.Error))
        {
            // A hibernated volume cannot be mounted for writing; what the operator has to do is known already.
            throw new GuestRefusedException(frame.Findings);
        }

        await MountAsync(frame.Mounts, writable, cancellationToken);
        var windows = new WindowsInspector(Tree);
        var others = bootVolumes.Where(v => v != root.FileSystem && (v.Type == "vfat") == (frame.Firmware == Firmware.Uefi)).ToList();
        var place = others.Count == 1 ? await windows.MountPointAsync(cancellationToken) : null;
        IReadOnlyList<GuestMount> mounts = place is null ? frame.Mounts : [root, new(place, others[0])];
        await MountAsync(mounts.Skip(1), writable, cancellationToken);
        var inspected = await windows.InspectAsync(place ?? "", cancellationToken);
        return inspected with { Disks = frame.Disks, FileSystems = frame.FileSystems, Firmware = frame.Firmware, Findings = frame.Findings, Mounts = mounts };
    }

    private static string Summary(DiskLayout layout) =>
        layout.FileSystems.Count == 0 ? "no file system" : string.Join(", ", layout.FileSystems.Select(f => $"{f.Device} {f.Type}"));

    /// <summary>The source's setting counts; the disks are asked whether they agree.</summary>
    private static Firmware FirmwareOf(MachineDescription machine, DiskLayout layout, IReadOnlyList<Finding> findings, out IReadOnlyList<Finding> all)
    {
        var looksUefi = layout.Disks.Any(d => d.HasEfiSystemPartition) && !layout.Disks.Any(d => d.HasBiosBootPartition);
        var looksBios = layout.Disks.All(d => !d.HasEfiSystemPartition);
        all = (machine.Firmware, looksUefi, looksBios) switch
        {
            (Firmware.Bios, true, _) => [.. findings, GuestFindings.FirmwareMismatch(FindingSeverity.Warning, "The source says BIOS, but the disks are laid out for UEFI.")],
            (Firmware.Uefi, _, true) => [.. findings, GuestFindings.FirmwareMismatch(FindingSeverity.Warning, "The source says UEFI, but the disks have no EFI system partition.")],
            _ => findings,
        };
        return machine.Firmware;
    }
}
