using Ferry.Fixup.Guests.Linux.Rules;
using Ferry.Fixup.Inspection;
using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Guests.Linux;

/// <summary>The rules for Linux guests, in the order in which they are applied.</summary>
public static class LinuxRules
{
    /// <summary>All.</summary>
    public static IReadOnlyList<IFixupRule> All { get; } =
    [
        new InitramfsDriversRule(),
        new InitramfsDropInRule(),
        new FstabUuidRule(),
        new GrubUuidRule(),
        new ResumeUuidRule(),
        new NicNamesRule(),
        new OpenVmToolsRule(),
    ];

    /// <summary>Whether it is Debian or Ubuntu with GRUB 2, going to Hyper-V.</summary>
    internal static bool IsDebianToHyperV(GuestInspection guest, FixupTarget target) =>
        guest.Family == "linux" && guest.Distribution is "debian" or "ubuntu" && guest.BootLoader == "grub2" && target.Platform == "hyperv";
}
