using Ferry.Fixup.Planning;
using Ferry.Hives;

namespace Ferry.Fixup.Guests.Windows;

/// <summary>What the SYSTEM hive has to say so that Windows boots from a virtio disk before it has installed the driver.</summary>
internal static class VirtioRegistry
{
    private const string ScsiAdapters = "{4D36E97B-E325-11CE-BFC1-08002BE10318}";
    private const string Package = "guestor.inf";
    private const string Configuration = "guestor_conf";
    private const int VersionLength = 48;

    /// <summary>Ids of the disk: legacy and modern.</summary>
    public static IReadOnlyList<string> DeviceIds { get; } = ["VEN_1AF4&DEV_1001&REV_00", "VEN_1AF4&DEV_1042&REV_01"];

    /// <summary>The service, in every control set.</summary>
    public static void AddService(RegistryEditor registry, IEnumerable<string> controlSets)
    {
        foreach (var key in controlSets.Select(s => $"{s}\\Services\\{VirtioWin.BootDriver}"))
        {
            registry.SetDWord(key, "Type", 1);
            registry.SetDWord(key, "Start", 0);
            registry.SetDWord(key, "ErrorControl", 1);
            registry.SetString(key, "Group", "SCSI miniport");
            registry.Set(key, "ImagePath", HiveValueType.ExpandSz, HiveData.OfString($"system32\\drivers\\{VirtioWin.BootDriver}.sys"));
            registry.DeleteKey(key + "\\StartOverride");
        }
    }

    /// <summary>The device: in the driver database where the hive has one (Windows 8 and later), else in the critical device database of every control set.</summary>
    public static void AddDevice(RegistryEditor registry, IEnumerable<string> controlSets, string architecture)
    {
        if (registry.Hive.Find("DriverDatabase") is not null)
        {
            AddPackage(registry, $"{Package}_{architecture switch { "i386" => "x86", "aarch64" => "arm64", _ => "amd64" }}_0000000000000000");
            return;
        }

        foreach (var key in controlSets.SelectMany(s => DeviceIds.Select(id => $"{s}\\Control\\CriticalDeviceDatabase\\PCI#{id}")))
        {
            registry.SetString(key, "Service", VirtioWin.BootDriver);
            registry.SetString(key, "ClassGUID", ScsiAdapters);
        }
    }

    /// <summary>A package as Windows Setup would have left it; the first installation of the real one replaces it.</summary>
    private static void AddPackage(RegistryEditor registry, string label)
    {
        const string Database = "DriverDatabase";
        var inf = $"{Database}\\DriverInfFiles\\{Package}";
        registry.SetStrings(inf, "", label);
        registry.SetString(inf, "Active", label);
        registry.SetStrings(inf, "Configurations", Configuration);
        var package = $"{Database}\\DriverPackages\\{label}";
        registry.Set(package, "Version", HiveValueType.Binary, Version());
        registry.SetDWord($"{package}\\Configurations\\{Configuration}", "ConfigFlags", 0);
        registry.SetString($"{package}\\Configurations\\{Configuration}", "Service", VirtioWin.BootDriver);
        foreach (var id in DeviceIds)
        {
            registry.Set($"{Database}\\DeviceIds\\PCI\\{id}", Package, HiveValueType.Binary, [0x01, 0xFF, 0x00, 0x00]);
            registry.SetString($"{package}\\Descriptors\\PCI\\{id}", "Configuration", Configuration);
        }
    }

    private static byte[] Version()
    {
        var version = new byte[VersionLength];
        new byte[] { 0x00, 0xFF, 0x09, 0x00 }.CopyTo(version, 0);
        new Guid(ScsiAdapters).ToByteArray().CopyTo(version, 8);
        return version;
    }
}
