using Ferry.Fixup.Guests.Windows.FirstBoot;
using Ferry.Fixup.Guests.Windows.Rules;
using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Guests.Windows;

/// <summary>The rules for Windows guests, in the order in which they are applied: what disables drivers comes before what looks for dangling names.</summary>
public static class WindowsRules
{
    /// <summary>How the inspection names the family.</summary>
    public const string Family = "windows";

    /// <summary>All.</summary>
    public static IReadOnlyList<IFixupRule> All { get; } =
    [
        new SupportedWindowsRule(),
        new BootDriversRule(),
        new CriticalDevicesRule(),
        new VirtioDriversRule(),
        new VmwareToolsRule(),
        new ClassFiltersRule(),
        new DiskPolicyRule(),
        new FastStartupRule(),
        new FallbackLoaderRule(),
        new BootStoreRule(),
        new AzureSettingsRule(),
        new FirstBootRule(),
    ];
}
