using System.Buffers.Binary;
using System.Text;

namespace Ferry.DiskImages.FileSystems.Fat;

/// <summary>Boot sector of FAT12, FAT16 and FAT32, the first of the volume (Microsoft FAT Specification, section 3.1 to 3.3).</summary>
/// <param name="SectorSize">Offset 11: bytes of a sector.</param>
/// <param name="ClusterSectors">Offset 13: sectors of a cluster.</param>
/// <param name="ReservedSectors">Offset 14: sectors before the first table.</param>
/// <param name="Tables">Offset 16: copies of the table.</param>
/// <param name="RootEntries">Offset 17: entries of the root directory, 0 in FAT32.</param>
/// <param name="Sectors">Offset 19 or 32: sectors of the volume.</param>
/// <param name="Media">Offset 21: stands in the first entry of the table, too.</param>
/// <param name="TableSectors">Offset 22 or 36: sectors of a table.</param>
/// <param name="ExtendedFlags">Offset 40 of FAT32: bit 7 says that only one table is kept up to date.</param>
/// <param name="Version">Offset 42 of FAT32: 0.</param>
/// <param name="RootCluster">Offset 44 of FAT32.</param>
/// <param name="State">Offset 37, or 65 of FAT32: Linux and Windows set bit 0 while the volume is mounted.</param>
/// <param name="Label">Offset 43, or 71 of FAT32.</param>
/// <param name="TypeName">Offset 54, or 82 of FAT32: the kind for people, which may be absent but must not be another.</param>
/// <param name="IsFat32">Whether the 16-bit size of a table, offset 22, is 0.</param>
internal readonly record struct FatBootSector(
    int SectorSize, int ClusterSectors, int ReservedSectors, int Tables, int RootEntries, uint Sectors, byte Media, uint TableSectors,
    ushort ExtendedFlags, ushort Version, uint RootCluster, byte State, string Label, string TypeName, bool IsFat32)
{
    /// <summary>Size on disk.</summary>
    internal const int Size = 512;

    private const int DirectoryEntrySize = 32;

    /// <summary>Bytes of a cluster.</summary>
    internal int ClusterSize => SectorSize * ClusterSectors;

    /// <summary>Sectors of the root directory of FAT12 and FAT16.</summary>
    internal uint RootSectors => ((uint)RootEntries * DirectoryEntrySize + (uint)SectorSize - 1) / (uint)SectorSize;

    /// <summary>First sector of the clusters.</summary>
    internal ulong DataSector => (ulong)ReservedSectors + ((ulong)Tables * TableSectors) + RootSectors;

    /// <summary>Number of clusters, which decides the kind (section 3.5).</summary>
    internal uint Clusters => Sectors > DataSector ? (uint)((Sectors - DataSector) / (ulong)ClusterSectors) : 0;

    /// <summary>Bits of an entry of the table. FAT32 is told by its boot sector, as all systems do, and not by its size alone.</summary>
    internal int Bits => IsFat32 ? 32 : Clusters < 4085 ? 12 : 16;

    /// <summary>Byte of the volume where a table begins.</summary>
    internal long TableOffset(int table) => (ReservedSectors + ((long)table * TableSectors)) * SectorSize;

    /// <summary>Byte of the volume where a cluster begins.</summary>
    internal long ClusterOffset(uint cluster) => ((long)DataSector * SectorSize) + ((long)(cluster - 2) * ClusterSize);

    /// <summary>Whether it is a boot sector of FAT: there is no one mark, so all that is fixed has to be right.</summary>
    internal static bool IsMatch(ReadOnlySpan<byte> bytes)
    {
        if (BinaryPrimitives.ReadUInt16LittleEndian(bytes[510..]) != 0xaa55 || bytes[0] is not (0xeb or 0xe9))
        {
            return false;
        }

        var boot = Read(bytes);
        return uint.IsPow2((uint)boot.SectorSize) && boot.SectorSize is >= 512 and <= 4096
            && uint.IsPow2((uint)boot.ClusterSectors) && boot.ClusterSize <= 256 * 1024
            && boot.ReservedSectors > 0 && boot.Tables is 1 or 2 && boot.Media is 0xf0 or >= 0xf8
            && boot.Sectors > 0 && boot.TableSectors > 0;
    }

    /// <summary>Reads the structure.</summary>
    internal static FatBootSector Read(ReadOnlySpan<byte> bytes)
    {
        var small = BinaryPrimitives.ReadUInt16LittleEndian(bytes[19..]);
        var smallTable = BinaryPrimitives.ReadUInt16LittleEndian(bytes[22..]);
        var fat32 = smallTable == 0;
        return new FatBootSector(
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[11..]),
            bytes[13],
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[14..]),
            bytes[16],
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[17..]),
            small != 0 ? small : BinaryPrimitives.ReadUInt32LittleEndian(bytes[32..]),
            bytes[21],
            !fat32 ? smallTable : BinaryPrimitives.ReadUInt32LittleEndian(bytes[36..]),
            fat32 ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[40..]) : (ushort)0,
            fat32 ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[42..]) : (ushort)0,
            fat32 ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[44..]) : 0,
            bytes[fat32 ? 65 : 37],
            Encoding.ASCII.GetString(bytes.Slice(fat32 ? 71 : 43, 11)).TrimEnd(' ', '\0'),
            Encoding.ASCII.GetString(bytes.Slice(fat32 ? 82 : 54, 8)).TrimEnd(' ', '\0'),
            fat32);
    }
}
