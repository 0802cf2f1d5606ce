using System.Buffers.Binary;
using System.Text;
using Ferry.DiskImages.Checksums;

namespace Ferry.DiskImages.FileSystems.Ext;

/// <summary>Superblock of ext2, ext3 and ext4, 1024 bytes into the volume (Linux, Documentation/filesystems/ext4, "Super Block").</summary>
internal readonly record struct ExtSuperblock
{
    /// <summary>Size on disk.</summary>
    internal const int Size = 1024;

    /// <summary>Where it is in the volume, whatever the block size.</summary>
    internal const int Offset = 1024;

    private const int MagicOffset = 56;
    private const int ChecksumOffset = 1020;
    private const ushort Magic = 0xef53;

    /// <summary>Number of inodes (offset 0).</summary>
    internal required uint Inodes { get; init; }

    /// <summary>Number of blocks (offsets 4 and 336).</summary>
    internal required ulong Blocks { get; init; }

    /// <summary>The first block that belongs to a group (offset 20).</summary>
    internal required uint FirstDataBlock { get; init; }

    /// <summary>log2 of the block size, less 10 (offset 24).</summary>
    internal required uint LogBlockSize { get; init; }

    /// <summary>log2 of the cluster size, less 10 (offset 28).</summary>
    internal required uint LogClusterSize { get; init; }

    /// <summary>Blocks of a group (offset 32).</summary>
    internal required uint BlocksPerGroup { get; init; }

    /// <summary>Clusters of a group (offset 36).</summary>
    internal required uint ClustersPerGroup { get; init; }

    /// <summary>Inodes of a group (offset 40).</summary>
    internal required uint InodesPerGroup { get; init; }

    /// <summary>State (offset 58): bit 0 unmounted cleanly, bit 1 errors, bit 2 orphans being recovered.</summary>
    internal required ushort State { get; init; }

    /// <summary>Revision (offset 76): 0 has no features and inodes of 128 bytes.</summary>
    internal required uint Revision { get; init; }

    /// <summary>Size of an inode in bytes (offset 88).</summary>
    internal required ushort InodeSize { get; init; }

    /// <summary>Compatible features (offset 92).</summary>
    internal required uint Compatible { get; init; }

    /// <summary>Incompatible features (offset 96).</summary>
    internal required uint Incompatible { get; init; }

    /// <summary>Read-only compatible features (offset 100).</summary>
    internal required uint ReadOnlyCompatible { get; init; }

    /// <summary>Label (offset 120, 16 bytes).</summary>
    internal required string Label { get; init; }

    /// <summary>Blocks behind the group descriptors that are kept for growing (offset 206).</summary>
    internal required ushort ReservedDescriptorBlocks { get; init; }

    /// <summary>Size of a group descriptor (offset 254), with 64-bit block numbers.</summary>
    internal required ushort DescriptorSize { get; init; }

    /// <summary>The first block of descriptors that is in its own group (offset 260), with meta_bg.</summary>
    internal required uint FirstMetaBlockGroup { get; init; }

    /// <summary>Block of the multiple mount protection (offset 360).</summary>
    internal required ulong MountProtectionBlock { get; init; }

    /// <summary>The two groups with copies (offset 588), with sparse_super2.</summary>
    internal required (uint First, uint Second) BackupGroups { get; init; }

    /// <summary>Start value of checksums: offset 624, or made of the UUID at offset 104.</summary>
    internal required uint ChecksumSeed { get; init; }

    /// <summary>UUID (offset 104), as the checksums of group descriptors take it.</summary>
    internal required ReadOnlyMemory<byte> Uuid { get; init; }

    /// <summary>Whether the magic number is there.</summary>
    internal static bool IsMatch(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[MagicOffset..]) == Magic;

    /// <summary>Whether the checksum at offset 1020 is right, or the file system has none.</summary>
    internal static bool HasValidChecksum(ReadOnlySpan<byte> bytes) =>
        (Read(bytes).ReadOnlyCompatible & ExtFeatures.MetadataChecksums) == 0
        || BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumOffset..]) == Crc32C.Append(uint.MaxValue, bytes[..ChecksumOffset]);

    /// <summary>Whether a feature is set.</summary>
    internal bool HasIncompatible(uint feature) => (Incompatible & feature) != 0;

    /// <summary>Whether a feature is set.</summary>
    internal bool HasReadOnlyCompatible(uint feature) => (ReadOnlyCompatible & feature) != 0;

    /// <summary>Reads the structure. Revision 0 has no features.</summary>
    internal static ExtSuperblock Read(ReadOnlySpan<byte> bytes)
    {
        var revision = BinaryPrimitives.ReadUInt32LittleEndian(bytes[76..]);
        var incompatible = revision == 0 ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(bytes[96..]);
        var bits64 = (incompatible & ExtFeatures.Bits64) != 0;
        var uuid = bytes.Slice(104, 16).ToArray();
        var label = bytes.Slice(120, 16);
        var labelEnd = label.IndexOf((byte)0);
        return new ExtSuperblock
        {
            Inodes = BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            Blocks = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) | (bits64 ? (ulong)BinaryPrimitives.ReadUInt32LittleEndian(bytes[336..]) << 32 : 0),
            FirstDataBlock = BinaryPrimitives.ReadUInt32LittleEndian(bytes[20..]),
            LogBlockSize = BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]),
            LogClusterSize = BinaryPrimitives.ReadUInt32LittleEndian(bytes[28..]),
            BlocksPerGroup = BinaryPrimitives.ReadUInt32LittleEndian(bytes[32..]),
            ClustersPerGroup = BinaryPrimitives.ReadUInt32LittleEndian(bytes[36..]),
            InodesPerGroup = BinaryPrimitives.ReadUInt32LittleEndian(bytes[40..]),
            State = BinaryPrimitives.ReadUInt16LittleEndian(bytes[58..]),
            Revision = revision,
            InodeSize = revision == 0 ? (ushort)128 : BinaryPrimitives.ReadUInt16LittleEndian(bytes[88..]),
            Compatible = revision == 0 ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(bytes[92..]),
            Incompatible = incompatible,
            ReadOnlyCompatible = revision == 0 ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(bytes[100..]),
            Label = Encoding.UTF8.GetString(labelEnd < 0 ? label : label[..labelEnd]),
            ReservedDescriptorBlocks = revision == 0 ? (ushort)0 : BinaryPrimitives.ReadUInt16LittleEndian(bytes[206..]),
            DescriptorSize = bits64 ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[254..]) : (ushort)32,
            FirstMetaBlockGroup = BinaryPrimitives.ReadUInt32LittleEndian(bytes[260..]),
            MountProtectionBlock = BinaryPrimitives.ReadUInt64LittleEndian(bytes[360..]),
            BackupGroups = (BinaryPrimitives.ReadUInt32LittleEndian(bytes[588..]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[592..])),
            ChecksumSeed = (incompatible & ExtFeatures.ChecksumSeed) != 0
                ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[624..])
                : Crc32C.Append(uint.MaxValue, uuid),
            Uuid = uuid,
        };
    }
}
