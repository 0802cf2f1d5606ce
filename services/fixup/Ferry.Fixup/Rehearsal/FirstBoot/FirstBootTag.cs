namespace Ferry.Fixup.Rehearsal.FirstBoot;

/// <summary>
/// How a guest knows that it was started to run its first boot before the move, and is to switch itself off behind it: the asset tag of its chassis (SMBIOS type 3), which
/// every Linux shows in <see cref="LinuxFile"/> and Windows as <c>Win32_SystemEnclosure.SMBIOSAssetTag</c>. Nothing of it is written into the guest.
/// </summary>
internal static class FirstBootTag
{
    /// <summary>The tag.</summary>
    public const string Value = "ferry-first-boot";

    /// <summary>Where Linux shows it.</summary>
    public const string LinuxFile = "/sys/class/dmi/id/chassis_asset_tag";
}
