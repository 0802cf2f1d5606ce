namespace Ferry.DiskImages.Vmdk;

/// <summary>Disks whose bytes are not in files: raw device mappings and physical disks ("VMware Virtual Disk Format 5.0", sections "The Header" and "The Extent Description").</summary>
internal static class VmdkDevices
{
    private static readonly string[] ExtentTypes = ["VMFSRDM", "VMFSRAW"];

    private static readonly string[] CreateTypes =
        ["fullDevice", "partitionedDevice", "vmfsRaw", "vmfsRDM", "vmfsRDMP", "vmfsRawDeviceMap", "vmfsPassthroughRawDeviceMap"];

    /// <summary>Whether an extent type means a device.</summary>
    internal static bool IsExtentType(ReadOnlySpan<char> type) => Contains(ExtentTypes, type);

    /// <summary>Whether a <c>createType</c> means a device.</summary>
    internal static bool IsCreateType(ReadOnlySpan<char> type) => Contains(CreateTypes, type);

    /// <summary>What to say of such a disk.</summary>
    internal static string Refusal(string type) =>
        $"The disk is a physical device or a raw device mapping (\"{type}\"): its content is in no file beside the descriptor. Clone it to a virtual disk in VMware (vmkfstools -i, or a migration that changes the format), or read the device itself as raw.";

    private static bool Contains(string[] types, ReadOnlySpan<char> type)
    {
        foreach (var known in types)
        {
            if (type.Equals(known, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
