using System.Buffers.Binary;

namespace Ferry.DiskImages.Lvm;

/// <summary>Label of a physical volume, in one of its first four sectors of 512 bytes (LVM2, lib/label/label.h: label_header).</summary>
/// <param name="HeaderOffset">Byte of the volume where the physical volume's header begins; the label has its distance at offset 20.</param>
/// <param name="IsValid">Whether its sector number (offset 8), checksum (offset 16, of offset 20 to the end of the sector) and type (offset 24) are right.</param>
internal readonly record struct PhysicalVolumeLabel(int HeaderOffset, bool IsValid)
{
    private const int SectorSize = 512;
    private const int Sectors = 4;
    private const int ChecksumStart = 20;

    private static ReadOnlySpan<byte> Magic => "LABELONE"u8;

    /// <summary>Looks for a label.</summary>
    /// <param name="head">The start of the volume.</param>
    /// <returns>Null when there is none.</returns>
    internal static PhysicalVolumeLabel? Find(ReadOnlySpan<byte> head)
    {
        for (var i = 0; i < Sectors && head.Length >= (i + 1) * SectorSize; i++)
        {
            var sector = head.Slice(i * SectorSize, SectorSize);
            if (sector.StartsWith(Magic))
            {
                var distance = BinaryPrimitives.ReadUInt32LittleEndian(sector[20..]);
                return new PhysicalVolumeLabel(
                    (i * SectorSize) + (int)Math.Min(distance, SectorSize),
                    BinaryPrimitives.ReadUInt64LittleEndian(sector[8..]) == (ulong)i
                    && BinaryPrimitives.ReadUInt32LittleEndian(sector[16..]) == LvmChecksum.Compute(sector[ChecksumStart..])
                    && sector[24..].StartsWith("LVM2 001"u8) && distance is >= 32 and < SectorSize);
            }
        }

        return null;
    }
}
