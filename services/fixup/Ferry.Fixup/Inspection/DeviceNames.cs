using System.Globalization;
using System.Text.RegularExpressions;

namespace Ferry.Fixup.Inspection;

/// <summary>Finds what a guest's configuration means by a device: by id, by label, by logical volume, or by a kernel name that stands for a disk's position.</summary>
public sealed partial class DeviceNames(IReadOnlyList<GuestDisk> disks, IReadOnlyList<GuestFileSystem> fileSystems)
{
    /// <summary>Whether it is a name that the kernel gives by order and that another platform may give to something else.</summary>
    public static bool IsKernelName(string spec) => KernelName().IsMatch(spec) || NvmeName().IsMatch(spec) || UnstablePath().IsMatch(spec);

    /// <summary>The file system, or null.</summary>
    public GuestFileSystem? Resolve(string spec)
    {
        var (key, value) = Split(spec);
        return key switch
        {
            "UUID" => fileSystems.FirstOrDefault(f => string.Equals(f.Uuid, value, StringComparison.OrdinalIgnoreCase)),
            "LABEL" => Single(f => f.Label == value && value.Length > 0),
            "PARTUUID" => fileSystems.FirstOrDefault(f => string.Equals(f.PartitionUuid, value, StringComparison.OrdinalIgnoreCase)),
            _ => ResolvePath(spec),
        };
    }

    private static (string Key, string Value) Split(string spec)
    {
        foreach (var (prefix, key) in new[] { ("/dev/disk/by-uuid/", "UUID"), ("/dev/disk/by-label/", "LABEL"), ("/dev/disk/by-partuuid/", "PARTUUID") })
        {
            if (spec.StartsWith(prefix, StringComparison.Ordinal))
            {
                return (key, spec[prefix.Length..]);
            }
        }

        var equals = spec.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? ("", spec) : (spec[..equals], spec[(equals + 1)..].Trim('"'));
    }

    private static int DiskIndex(string letters) => letters.Aggregate(0, (index, letter) => (index * 26) + letter - 'a' + 1) - 1;

    [GeneratedRegex("^/dev/(?:sd|hd|vd|xvd)([a-z]{1,2})([0-9]{1,3})?$", RegexOptions.CultureInvariant)]
    private static partial Regex KernelName();

    [GeneratedRegex("^/dev/nvme([0-9]{1,2})n([0-9]{1,2})(?:p([0-9]{1,3}))?$", RegexOptions.CultureInvariant)]
    private static partial Regex NvmeName();

    [GeneratedRegex("^/dev/disk/by-(?:path|id)/.+", RegexOptions.CultureInvariant)]
    private static partial Regex UnstablePath();

    private GuestFileSystem? ResolvePath(string path)
    {
        if (KernelName().Match(path) is { Success: true } name)
        {
            return Partition(DiskIndex(name.Groups[1].Value), name.Groups[2].Value);
        }

        if (NvmeName().Match(path) is { Success: true } nvme)
        {
            return nvme.Groups[2].Value == "1" ? Partition(int.Parse(nvme.Groups[1].Value, CultureInfo.InvariantCulture), nvme.Groups[3].Value) : null;
        }

        return fileSystems.FirstOrDefault(f => f.Device == path || MapperName(f.Device) == path);
    }

    /// <summary>The name under <c>/dev/mapper</c> of a logical volume <c>/dev/group/volume</c>: dashes are doubled.</summary>
    private static string? MapperName(string device)
    {
        var parts = device.Split('/');
        return parts.Length == 4
            ? $"/dev/mapper/{parts[2].Replace("-", "--", StringComparison.Ordinal)}-{parts[3].Replace("-", "--", StringComparison.Ordinal)}"
            : null;
    }

    private GuestFileSystem? Partition(int disk, string number) =>
        disk < disks.Count ? fileSystems.FirstOrDefault(f => f.Device == disks[disk].Device + number) : null;

    private GuestFileSystem? Single(Func<GuestFileSystem, bool> condition)
    {
        var found = fileSystems.Where(condition).Take(2).ToList();
        return found.Count == 1 ? found[0] : null;
    }
}
