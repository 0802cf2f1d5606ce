using Ferry.Contracts.Conversion;
using Ferry.Contracts.Conversions;

namespace Ferry.Conversion.Targets;

/// <summary>Finds the family of a guest.</summary>
public static class GuestFamilies
{
    // Of VMware's and OVF's names of guests, as they stand in descriptors.
    private static readonly string[] linux =
    [
        "linux", "debian", "ubuntu", "rhel", "redhat", "red hat", "centos", "fedora", "sles", "suse", "rocky", "photon", "coreos", "oracle", "mandrake", "mandriva", "crxpod",
    ];

    /// <summary>The guest of a command: as the fix-up found it, else as the source names it.</summary>
    public static GuestFamily Of(PublishMachine command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return OfReport(command.Guest) ?? OfHint(command.Machine.GuestHint);
    }

    /// <summary>As the fix-up found it; null when there was none, or it is neither Linux nor Windows.</summary>
    public static GuestFamily? OfReport(GuestReport? guest) => guest?.Family switch
    {
        "linux" => GuestFamily.Linux,
        "windows" => GuestFamily.Windows,
        _ => null,
    };

    /// <summary>
    /// As the source names it. Windows of VMware and OVF: <c>windows7-64</c>, <c>win2000ProGuest</c>, <c>winNetStandardGuest</c>, <c>longhorn-64</c>.
    /// </summary>
    public static GuestFamily OfHint(string? hint)
    {
        if (hint is null)
        {
            return GuestFamily.Unknown;
        }

        return hint.StartsWith("win", StringComparison.OrdinalIgnoreCase)
            || hint.StartsWith("longhorn", StringComparison.OrdinalIgnoreCase)
            || hint.Contains("windows", StringComparison.OrdinalIgnoreCase) ? GuestFamily.Windows
            : linux.Any(word => hint.Contains(word, StringComparison.OrdinalIgnoreCase)) ? GuestFamily.Linux
            : GuestFamily.Unknown;
    }
}
