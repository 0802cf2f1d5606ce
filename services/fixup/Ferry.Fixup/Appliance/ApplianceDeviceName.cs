using System.Globalization;
using System.Text.RegularExpressions;

namespace Ferry.Fixup.Appliance;

/// <summary>
/// The name of a device inside the appliance. The library's own calls count the disks in the order they were attached and translate <c>/dev/sda1</c>; a shell in the appliance
/// sees the kernel's names, which are given out in the order the disks happen to answer.
/// </summary>
internal static partial class ApplianceDeviceName
{
    /// <summary>A shell word for a device, by its place on the bus.</summary>
    /// <exception cref="InvalidDataException">The text is no device name.</exception>
    public static string Of(string device)
    {
        if (Disk().Match(device) is { Success: true } disk)
        {
            var index = disk.Groups["disk"].Value.Aggregate(0, (sum, letter) => (26 * sum) + letter - 'a' + 1) - 1;
            var part = disk.Groups["part"].Value is { Length: > 0 } number ? $"-part{number}" : "";
            return string.Create(CultureInfo.InvariantCulture, $"/dev/disk/by-path/*-scsi-0:0:{index}:0{part}");
        }

        return Other().IsMatch(device) ? device : throw new InvalidDataException("no device name");
    }

    [GeneratedRegex("^/dev/sd(?<disk>[a-z]{1,2})(?<part>[0-9]*)$")]
    private static partial Regex Disk();

    [GeneratedRegex("^/dev/[A-Za-z0-9_.+/-]+$")]
    private static partial Regex Other();
}
