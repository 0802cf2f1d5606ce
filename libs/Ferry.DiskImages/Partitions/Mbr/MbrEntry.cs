using System.Buffers.Binary;

namespace Ferry.DiskImages.Partitions.Mbr;

/// <summary>Partition entry of a master boot record (UEFI 2.10, 5.2.1, table 5.2). The CHS fields are ignored: nothing goes by them.</summary>
/// <param name="Status">Offset 0: 0x80 active, 0 not; anything else says that the sector is no master boot record.</param>
/// <param name="Type">Offset 4.</param>
/// <param name="FirstSector">Offset 8: relative to the sector that holds the entry, for the links of a chain to the extended partition.</param>
/// <param name="Sectors">Offset 12.</param>
internal readonly record struct MbrEntry(byte Status, byte Type, uint FirstSector, uint Sectors)
{
    /// <summary>Size on disk.</summary>
    internal const int Size = 16;

    /// <summary>Whether the entry says anything.</summary>
    internal bool IsUsed => Type != PartitionTypes.Empty && Sectors != 0;

    /// <summary>Reads the structure.</summary>
    internal static MbrEntry Read(ReadOnlySpan<byte> bytes) => new(
        bytes[0], bytes[4], BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]));
}
