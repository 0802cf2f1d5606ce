using System.Buffers.Binary;
using Ferry.DiskImages.Checksums;

namespace Ferry.DiskImages.FileSystems.Ext;

/// <summary>Block group descriptor (Linux, Documentation/filesystems/ext4, "Block Group Descriptors"), of 32 bytes, or of 64 and more with the 64bit feature.</summary>
/// <param name="BlockBitmap">Block of the block bitmap (offsets 0 and 32).</param>
/// <param name="InodeBitmap">Block of the inode bitmap (offsets 4 and 36).</param>
/// <param name="InodeTable">First block of the inode table (offsets 8 and 40).</param>
/// <param name="FreeClusters">Number of free clusters (offsets 12 and 44).</param>
/// <param name="Flags">Offset 18.</param>
/// <param name="BitmapChecksum">Checksum of the block bitmap (offsets 24 and 56); 16 bits of it in small descriptors.</param>
internal readonly record struct ExtGroupDescriptor(ulong BlockBitmap, ulong InodeBitmap, ulong InodeTable, uint FreeClusters, ushort Flags, uint BitmapChecksum)
{
    /// <summary>Size without the 64bit feature.</summary>
    internal const int Size = 32;

    /// <summary>Smallest size in which the upper halves are there.</summary>
    internal const int LargeSize = 64;

    private const int ChecksumOffset = 30;
    private const ushort BlockUninitialised = 2;

    /// <summary>Whether the block bitmap is not on the disk: nothing but metadata is used in the group. Counts only with checksums of descriptors.</summary>
    internal bool IsUninitialised => (Flags & BlockUninitialised) != 0;

    /// <summary>Reads the structure.</summary>
    /// <param name="bytes">All bytes of the descriptor.</param>
    internal static ExtGroupDescriptor Read(ReadOnlySpan<byte> bytes)
    {
        var large = bytes.Length >= LargeSize;
        return new ExtGroupDescriptor(
            Number(bytes, 0, large ? 32 : null),
            Number(bytes, 4, large ? 36 : null),
            Number(bytes, 8, large ? 40 : null),
            Half(bytes, 12, large ? 44 : null),
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[18..]),
            Half(bytes, 24, large ? 56 : null));
    }

    /// <summary>Whether the descriptor's own checksum is right, or the file system has none.</summary>
    internal static bool HasValidChecksum(ReadOnlySpan<byte> bytes, uint group, ExtSuperblock superblock)
    {
        Span<byte> number = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(number, group);
        var stored = BinaryPrimitives.ReadUInt16LittleEndian(bytes[ChecksumOffset..]);
        if (superblock.HasReadOnlyCompatible(ExtFeatures.MetadataChecksums))
        {
            var crc = Crc32C.Append(Crc32C.Append(superblock.ChecksumSeed, number), bytes[..ChecksumOffset]);
            crc = Crc32C.Append(Crc32C.Append(crc, stackalloc byte[sizeof(ushort)]), bytes[(ChecksumOffset + sizeof(ushort))..]);
            return stored == (ushort)crc;
        }

        if (superblock.HasReadOnlyCompatible(ExtFeatures.GroupChecksums))
        {
            var crc = Crc16.Append(Crc16.Append(ushort.MaxValue, superblock.Uuid.Span), number);
            crc = Crc16.Append(Crc16.Append(crc, bytes[..ChecksumOffset]), bytes[(ChecksumOffset + sizeof(ushort))..]);
            return stored == crc;
        }

        return true;
    }

    /// <summary>Whether the checksum of the block bitmap is right, or the file system has none.</summary>
    /// <param name="bitmap">The bits of the group.</param>
    /// <param name="superblock">The superblock.</param>
    internal bool MatchesBitmap(ReadOnlySpan<byte> bitmap, ExtSuperblock superblock)
    {
        if (!superblock.HasReadOnlyCompatible(ExtFeatures.MetadataChecksums))
        {
            return true;
        }

        var crc = Crc32C.Append(superblock.ChecksumSeed, bitmap);
        return BitmapChecksum == (superblock.DescriptorSize >= LargeSize ? crc : (ushort)crc);
    }

    private static ulong Number(ReadOnlySpan<byte> bytes, int low, int? high) =>
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[low..]) | (high is { } upper ? (ulong)BinaryPrimitives.ReadUInt32LittleEndian(bytes[upper..]) << 32 : 0);

    private static uint Half(ReadOnlySpan<byte> bytes, int low, int? high) =>
        BinaryPrimitives.ReadUInt16LittleEndian(bytes[low..]) | (high is { } upper ? (uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes[upper..]) << 16 : 0);
}
