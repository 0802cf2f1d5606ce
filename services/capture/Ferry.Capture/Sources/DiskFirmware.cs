using System.Buffers.Binary;
using Ferry.Contracts.Machines;
using Ferry.DiskImages;

namespace Ferry.Capture.Sources;

/// <summary>
/// Tells from a disk's partition table what boots it, for images that come without a machine: UEFI where a GPT has an EFI system partition and no BIOS boot
/// partition, which exists for nothing but booting with BIOS.
/// </summary>
internal static class DiskFirmware
{
    private const int MostEntries = 1024;
    private static readonly Guid EfiSystem = new("c12a7328-f81f-11d2-ba4b-00a0c93ec93b");
    private static readonly Guid BiosBoot = new("21686148-6449-6e6f-744e-656564454649");

    /// <summary>Reads the partition table.</summary>
    public static async ValueTask<Firmware> DetectAsync(IDiskImageReader disk, CancellationToken cancellationToken)
    {
        var sector = disk.Info.LogicalSectorSize;
        if (disk.Capacity < 4L * sector)
        {
            return Firmware.Bios;
        }

        var header = new byte[512];
        await disk.ReadAsync(sector, header, cancellationToken);
        var entries = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(72));
        var count = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(80));
        var size = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(84));
        if (!header.AsSpan().StartsWith("EFI PART"u8) || size is < 128 or > 4096 || count is 0 or > MostEntries
            || entries < 2 || entries > (disk.Capacity - ((long)count * size)) / sector)
        {
            return Firmware.Bios;
        }

        var table = new byte[count * size];
        await disk.ReadAsync(entries * sector, table, cancellationToken);
        var types = Enumerable.Range(0, (int)count).Select(i => new Guid(table.AsSpan((int)(i * size), 16))).ToHashSet();
        return types.Contains(EfiSystem) && !types.Contains(BiosBoot) ? Firmware.Uefi : Firmware.Bios;
    }
}
