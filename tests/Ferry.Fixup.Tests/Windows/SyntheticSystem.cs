using Ferry.Hives;

namespace Ferry.Fixup.Tests.Windows;

/// <summary>A SYSTEM hive as a version of Windows installs it on VMware: two control sets; drivers that the source does not use are demoted the way the version does it.</summary>
internal static class SyntheticSystem
{
    /// <summary>Id of its adapter.</summary>
    public const string Id = "{11111111-2222-3333-4444-555555555555}";

    public static readonly string[] ControlSets = ["ControlSet001", "ControlSet002"];

    /// <summary>In-box storage drivers with what Windows 7 and Windows 8 and later set for them.</summary>
    private static readonly (string Service, string File, uint Start7, uint Start8, bool IsOverridden)[] Drivers =
    [
        ("vmbus", "vmbus", 0, 0, true), ("storvsc", "storvsc", 3, 0, true), ("storflt", "vmstorfl", 0, 0, true), ("intelide", "intelide", 0, 0, true), ("pciide", "pciide", 3, 0, true),
        ("atapi", "atapi", 0, 0, true), ("stornvme", "stornvme", 3, 0, true), ("vpci", "vpci", 3, 3, true), ("disk", "disk", 0, 0, false), ("partmgr", "partmgr", 0, 0, false),
        ("EhStorClass", "EhStorClass", 0, 0, false), ("volsnap", "volsnap", 0, 0, false), ("lsi_sas", "lsi_sas", 0, 0, false), ("mouclass", "mouclass", 3, 3, false), ("netvsc", "netvsc", 3, 3, false),
        ("vmgid", "vmgid", 3, 3, false), ("s3cap", "vms3cap", 3, 3, false), ("vmicheartbeat", "vmicheartbeat", 3, 3, false),
    ];

    public static Hive Create(bool isWindows8)
    {
        var hive = Hive.Create();
        var select = hive.Root.Create("Select");
        select.SetDWord("Current", 1);
        select.SetDWord("Default", 1);
        select.SetDWord("Failed", 0);
        select.SetDWord("LastKnownGood", 2);
        foreach (var set in ControlSets)
        {
            var services = hive.Root.Create($"{set}\\Services");
            foreach (var driver in Drivers)
            {
                Driver(services, driver.Service, driver.File, isWindows8 ? driver.Start8 : driver.Start7, isWindows8 && driver.IsOverridden);
            }

            Driver(services, isWindows8 ? "storahci" : "msahci", isWindows8 ? "storahci" : "msahci", isWindows8 ? 0u : 3u, isWindows8);
            foreach (var (name, start) in new[] { ("vmci", 0u), ("vsock", 0u), ("vmmouse", 3u), ("vmhgfs", 1u), ("pvscsi", 0u) })
            {
                Driver(services, name, name, start, isOverridden: false);
            }

            services.Create("VMTools").SetDWord("Start", 2);
            services.Create("Dhcp").SetDWord("Start", 3);
            Filters(hive, set, "{4d36e967-e325-11ce-bfc1-08002be10318}", "UpperFilters", "partmgr", "gone");
            Filters(hive, set, "{4d36e967-e325-11ce-bfc1-08002be10318}", "LowerFilters", "EhStorClass");
            Filters(hive, set, "{4d36e96a-e325-11ce-bfc1-08002be10318}", "UpperFilters", "gone");
            Filters(hive, set, "{4d36e96f-e325-11ce-bfc1-08002be10318}", "UpperFilters", "vmmouse", "mouclass");
            hive.Root.Create($"{set}\\Control\\NetworkProvider\\Order").SetString("ProviderOrder", "RDPNP,vmhgfs,LanmanWorkstation");
            hive.Root.Create($"{set}\\Control\\Session Manager\\Power").SetDWord("HiberbootEnabled", 1);
            hive.Root.Create($"{set}\\Control\\ProductOptions").SetString("ProductType", "ServerNT");
            Network(hive, set);
        }

        return hive;
    }

    private static void Driver(HiveKey services, string name, string file, uint start, bool isOverridden)
    {
        var key = services.Create(name);
        key.SetDWord("Type", 1);
        key.SetDWord("Start", start);
        key.SetDWord("ErrorControl", 1);
        key.SetExpandString("ImagePath", $"\\SystemRoot\\System32\\drivers\\{file}.sys");
        if (isOverridden)
        {
            key.Create("StartOverride").SetDWord("0", 3);
        }
    }

    private static void Filters(Hive hive, string set, string deviceClass, string list, params string[] names) => hive.Root.Create($"{set}\\Control\\Class\\{deviceClass}").SetStrings(list, names);

    private static void Network(Hive hive, string set)
    {
        var key = hive.Root.Create($"{set}\\Services\\Tcpip\\Parameters\\Interfaces\\{Id}");
        key.SetDWord("EnableDHCP", 0);
        key.SetStrings("IPAddress", "192.0.2.10");
        key.SetStrings("SubnetMask", "255.255.255.0");
        key.SetStrings("DefaultGateway", "192.0.2.1");
        key.SetString("NameServer", "192.0.2.2,192.0.2.3");
        var connection = hive.Root.Create($"{set}\\Control\\Network\\{{4D36E972-E325-11CE-BFC1-08002BE10318}}\\{Id}\\Connection");
        connection.SetString("Name", "Ethernet0");
        connection.SetString("PnPInstanceId", "PCI\\VEN_15AD&DEV_07B0&SUBSYS_07B015AD&REV_01\\FF29FE5501");
        hive.Root.Create($"{set}\\Control\\NetworkSetup2\\Interfaces\\{Id}\\Kernel").SetBinary("PermanentAddress", [0, 0x0C, 0x29, 0xFE, 0x55, 1]);
    }
}
