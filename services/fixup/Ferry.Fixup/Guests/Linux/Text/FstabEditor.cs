using Ferry.Contracts;
using Ferry.Fixup.Inspection;

namespace Ferry.Fixup.Guests.Linux.Text;

/// <summary>Replaces kernel device names in fstab by UUIDs and switches off what only VMware has. Every other byte stays.</summary>
public static class FstabEditor
{
    private const string File = "/etc/fstab";
    private const string Off = "# ferry: not on this platform: ";
    private static readonly string[] VmwareTypes = ["vmhgfs", "fuse.vmhgfs-fuse", "vmhgfs-fuse"];

    /// <summary>Edits the text.</summary>
    public static TextEdit Edit(string text, DeviceNames devices)
    {
        var findings = new List<Finding>();
        var lines = text.Split('\n');
        return TextEdit.Compare(lines, [.. lines.Select(l => EditLine(l, devices, findings))], findings);
    }

    private static string EditLine(string text, DeviceNames devices, List<Finding> findings)
    {
        if (FstabLine.TryParse(text) is not { } line)
        {
            return text;
        }

        if (IsSourceOnly(line))
        {
            return Off + text;
        }

        if (!DeviceNames.IsKernelName(line.Device))
        {
            return text;
        }

        var optional = line.Options.Contains("noauto") || line.Options.Contains("nofail");
        var severity = optional ? FindingSeverity.Warning : FindingSeverity.Error;
        var found = devices.Resolve(line.Device);
        if (found is null || found.Uuid.Length == 0)
        {
            findings.Add(GuestFindings.DeviceUnresolved(severity, File, line.Device, found is null ? "which is not on the disks" : "which has no UUID"));
            return text;
        }

        if (!Fits(line.Type, found.Type))
        {
            findings.Add(GuestFindings.DeviceUnresolved(severity, File, line.Device, $"as {line.Type}, but {found.Device} holds {found.Type}: the order of the disks is not what the guest sees"));
            return text;
        }

        return line.WithDevice("UUID=" + found.Uuid);
    }

    private static bool IsSourceOnly(FstabLine line) =>
        VmwareTypes.Contains(line.Type)
        || line.Device.StartsWith(".host:", StringComparison.Ordinal)
        || line.Device.StartsWith("vmhgfs-fuse", StringComparison.Ordinal)
        || line.Device.StartsWith("/dev/fd", StringComparison.Ordinal)
        || (line.Device is "/dev/cdrom" or "/dev/scd0" && !line.Options.Contains("noauto"));

    private static bool Fits(string listed, string real) =>
        listed == "auto" || listed == real || (listed.StartsWith("ext", StringComparison.Ordinal) && real.StartsWith("ext", StringComparison.Ordinal))
        || (listed == "msdos" && real == "vfat") || (listed.StartsWith("ntfs", StringComparison.Ordinal) && real == "ntfs");
}
