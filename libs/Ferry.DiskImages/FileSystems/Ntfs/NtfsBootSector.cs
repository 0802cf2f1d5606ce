using System.Buffers.Binary;

namespace Ferry.DiskImages.FileSystems.Ntfs;

/// <summary>Boot sector of NTFS, the first of the volume (Linux-NTFS documentation, "$Boot"; Windows Internals, NTFS on-disk structure).</summary>
/// <param name="SectorSize">Offset 11: bytes of a sector.</param>
/// <param name="ClusterSize">Offset 13, times the sector: bytes of a cluster.</param>
/// <param name="Sectors">Offset 40: sectors of the volume; the copy of this sector stands behind them.</param>
/// <param name="MftCluster">Offset 48: first cluster of the master file table.</param>
/// <param name="MirrorCluster">Offset 56: first cluster of the copy of its first records.</param>
/// <param name="RecordSize">Offset 64: bytes of a file record; clusters when positive, 2 to the power of it when negative.</param>
internal readonly record struct NtfsBootSector(int SectorSize, int ClusterSize, ulong Sectors, ulong MftCluster, ulong MirrorCluster, int RecordSize)
{
    /// <summary>Size on disk.</summary>
    internal const int Size = 512;

    /// <summary>The most clusters that implementations of NTFS handle; it keeps the bitmap below 512 MiB.</summary>
    private const ulong MostClusters = uint.MaxValue;

    private const int MostClusterSize = 2 << 20;

    /// <summary>Number of clusters.</summary>
    internal long Clusters => (long)(Sectors / (ulong)(ClusterSize / SectorSize));

    /// <summary>Whether the name of the file system and the signature are there.</summary>
    internal static bool IsMatch(ReadOnlySpan<byte> bytes) =>
        bytes[3..].StartsWith("NTFS    "u8) && BinaryPrimitives.ReadUInt16LittleEndian(bytes[510..]) == 0xaa55;

    /// <summary>Reads and checks the structure.</summary>
    /// <exception cref="VolumeRefusedException">It contradicts itself or the volume.</exception>
    internal static NtfsBootSector Read(ReadOnlySpan<byte> bytes, long volumeLength)
    {
        var sector = (int)BinaryPrimitives.ReadUInt16LittleEndian(bytes[11..]);
        // Above 128 sectors the byte is negative, a power of two (Windows 10 1709 and later).
        var cluster = sector * (bytes[13] <= 128 ? bytes[13] : 256 - bytes[13] is var power and < 16 ? 1L << power : 0);
        var records = (sbyte)bytes[64];
        var record = records >= 0 ? records * cluster : -records < 16 ? 1L << -records : 0;
        if (!int.IsPow2(sector) || sector is < 512 or > 4096 || !long.IsPow2(cluster) || cluster < sector || cluster > MostClusterSize
            || !long.IsPow2(record) || record is < 512 or > 65536)
        {
            throw VolumeRefusedException.Inconsistent("The size of sectors, clusters or file records is impossible.");
        }

        var boot = new NtfsBootSector(
            sector,
            (int)cluster,
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[40..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[48..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[56..]),
            (int)record);
        if (boot.Sectors > (ulong)(volumeLength / sector) || (ulong)boot.Clusters > MostClusters || boot.MftCluster >= (ulong)boot.Clusters || boot.MirrorCluster >= (ulong)boot.Clusters)
        {
            throw VolumeRefusedException.Inconsistent($"The file system has {boot.Sectors} sectors of {sector} bytes, the volume {volumeLength} bytes.");
        }

        return boot;
    }
}
