namespace Ferry.Fixup.Guests.Windows;

/// <summary>Names of Windows by version and build.</summary>
internal static class WindowsVersions
{
    private const int Windows11 = 22000;
    private const int Server2019 = 17763;
    private const int Server2022 = 20348;
    private const int Server2025 = 26100;
    private const int Server2008R2 = 7600;

    /// <summary>The oldest that is handled: Windows 7 and 2008 R2.</summary>
    public static Version Oldest { get; } = new(6, 1);

    /// <summary>Name for people. ProductName says "Windows 10" on 11, so the build counts.</summary>
    public static string NameOf(WindowsGuest guest) => (guest.Version.Major, guest.Version.Minor, guest.IsServer) switch
    {
        (5, _, true) => "Windows Server 2003",
        (5, _, false) => "Windows XP",
        (6, 0, true) => "Windows Server 2008",
        (6, 0, false) => "Windows Vista",
        (6, 1, true) => "Windows Server 2008 R2",
        (6, 1, false) => "Windows 7",
        (6, 2, true) => "Windows Server 2012",
        (6, 2, false) => "Windows 8",
        (6, 3, true) => "Windows Server 2012 R2",
        (6, 3, false) => "Windows 8.1",
        (10, _, true) => "Windows Server " + guest.Build switch { >= Server2025 => "2025", >= Server2022 => "2022", >= Server2019 => "2019", _ => "2016" },
        (10, _, false) => guest.Build >= Windows11 ? "Windows 11" : "Windows 10",
        _ => $"Windows NT {guest.Version}",
    };

    /// <summary>Id that virtio-win names its folders by, best first: a folder that is missing is replaced by an older system's.</summary>
    public static IReadOnlyList<string> VirtioFolders(WindowsGuest guest) => (guest.Version.Major, guest.Version.Minor, guest.IsServer) switch
    {
        (6, 0, _) => ["2k8"],
        (6, 1, true) => ["2k8R2"],
        (6, 1, false) => ["w7"],
        (6, 2, true) => ["2k12"],
        (6, 2, false) => ["w8"],
        (6, 3, true) => ["2k12R2"],
        (6, 3, false) => ["w8.1"],
        (10, _, true) => guest.Build switch
        {
            >= Server2025 => ["2k25", "2k22", "2k19", "w10"],
            >= Server2022 => ["2k22", "2k19", "w10"],
            >= Server2019 => ["2k19", "w10"],
            _ => ["2k16"],
        },
        (10, _, false) => guest.Build >= Windows11 ? ["w11", "w10"] : ["w10"],
        _ => [],
    };

    /// <summary>The lowest build of the oldest system that is handled.</summary>
    public static bool IsHandled(WindowsGuest guest) => guest.Version >= Oldest && guest.Build >= Server2008R2;
}
