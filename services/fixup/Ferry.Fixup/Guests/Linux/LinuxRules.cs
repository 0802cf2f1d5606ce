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
        new DracutDropInRule(),
        new SuseInitrdModulesRule(),
        new ModuleBlocklistRule(),
        new LvmFilterRule(),
        new LvmDevicesFileRule(),
        new FstabUuidRule(),
        new CrypttabUuidRule(),
        new GrubUuidRule(),
        new DeviceMapRule(),
        new ResumeUuidRule(),
        new NicNamesRule(),
        new OpenVmToolsRule(),
        new VmwareToolsRule(),
        new CloudInitRule(),
        new UefiFallbackRule(),
        new ConsoleRule(),
        new FirstBootRule(),
    ];

    /// <summary>Whether it is a distribution that is known, with a boot loader that is known, going to a platform that is known.</summary>
    internal static bool Handles(GuestInspection guest, FixupTarget target) =>
        guest is { Family: "linux", BootLoader: "grub2" or "grub1" } && (IsDebian(guest) || IsRedHat(guest) || IsSuse(guest)) && TargetDrivers.For(target.Platform) is not null;

    /// <summary>Debian and Ubuntu.</summary>
    internal static bool IsDebian(GuestInspection guest) => guest.Distribution is "debian" or "ubuntu";

    /// <summary>Red Hat Enterprise Linux, what is built from it, and Fedora.</summary>
    internal static bool IsRedHat(GuestInspection guest) => guest.Distribution is "rhel" or "centos" or "rocky" or "almalinux" or "fedora";

    /// <summary>SUSE Linux Enterprise and openSUSE.</summary>
    internal static bool IsSuse(GuestInspection guest) => guest.Distribution is "sles" or "sled" or "sles_sap" or "opensuse" or "opensuse-leap" or "opensuse-tumbleweed";
}
