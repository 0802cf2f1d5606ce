using Ferry.Contracts.Machines;
using Ferry.DiskImages;
using Ferry.DiskImages.Partitions;

namespace Ferry.Capture.Sources;

/// <summary>
/// Tells from a disk's partition table what boots it, for images that come without a machine: UEFI where a GPT has an EFI system partition and no BIOS boot
/// partition, which exists for nothing but booting with BIOS.
/// </summary>
internal static class DiskFirmware
{
    private static readonly Guid EfiSystem = new("c12a7328-f81f-11d2-ba4b-00a0c93ec93b");
    private static readonly Guid BiosBoot = new("21686148-6449-6e6f-744e-656564454649");

    /// <summary>Reads the partition table.</summary>
    public static async ValueTask<Firmware> DetectAsync(IDiskImageReader disk, CancellationToken cancellationToken)
    {
        var table = await PartitionTable.ReadAsync(disk, cancellationToken);
        var types = table.Partitions.Select(partition => partition.TypeId).ToHashSet();
        return types.Contains(EfiSystem) && !types.Contains(BiosBoot) ? Firmware.Uefi : Firmware.Bios;
    }
}
