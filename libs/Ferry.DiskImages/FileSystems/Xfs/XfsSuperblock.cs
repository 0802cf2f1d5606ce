using System.Buffers.Binary;
using System.Text;

namespace Ferry.DiskImages.FileSystems.Xfs;

/// <summary>Superblock of XFS, the first sector of the volume (XFS Algorithms and Data Structures, "Superblocks"). All numbers are big-endian.</summary>
internal readonly record struct XfsSuperblock
{
    /// <summary>Bytes that are read: to sb_meta_uuid, inclusive.</summary>
    internal const int Size = 264;

    /// <summary>Place of the checksum in version 5, which covers the sector.</summary>
    internal const int ChecksumOffset = 224;

    private const int UuidOffset = 32;
    private const int MetaUuidOffset = 248;

    private static ReadOnlySpan<byte> Magic => "XFSB"u8;

    /// <summary>Bytes of a block (offset 4).</summary>
    internal required uint BlockSize { get; init; }

    /// <summary>Blocks of the data device (offset 8).</summary>
    internal required ulong Blocks { get; init; }

    /// <summary>Blocks of the real-time device (offset 16).</summary>
    internal required ulong RealTimeBlocks { get; init; }

    /// <summary>First block of the log (offset 48); 0: the log is on another device.</summary>
    internal required ulong LogStart { get; init; }

    /// <summary>Blocks of an allocation group (offset 84).</summary>
    internal required uint GroupBlocks { get; init; }

    /// <summary>Number of allocation groups (offset 88).</summary>
    internal required uint Groups { get; init; }

    /// <summary>Blocks of the log (offset 96).</summary>
    internal required uint LogBlocks { get; init; }

    /// <summary>Version and flags (offset 100).</summary>
    internal required ushort Version { get; init; }

    /// <summary>Bytes of a sector (offset 102).</summary>
    internal required ushort SectorSize { get; init; }

    /// <summary>Label (offset 108, 12 bytes).</summary>
    internal required string Label { get; init; }

    /// <summary>log2 of <see cref="GroupBlocks"/>, rounded up (offset 124).</summary>
    internal required byte LogGroupBlocks { get; init; }

    /// <summary>Not 0: mkfs or growfs has not ended (offset 126).</summary>
    internal required byte InProgress { get; init; }

    /// <summary>Compatible features (offset 208), version 5.</summary>
    internal required uint Compatible { get; init; }

    /// <summary>Read-only compatible features (offset 212), version 5.</summary>
    internal required uint ReadOnlyCompatible { get; init; }

    /// <summary>Incompatible features (offset 216), version 5.</summary>
    internal required uint Incompatible { get; init; }

    /// <summary>Features that what is in the log needs (offset 220), version 5.</summary>
    internal required uint LogIncompatible { get; init; }

    /// <summary>UUID that the log has (offset 32).</summary>
    internal required Guid Uuid { get; init; }

    /// <summary>UUID that other structures have (offset 32, or 248 with meta_uuid), as its bytes stand.</summary>
    internal required Guid MetaUuid { get; init; }

    /// <summary>Whether structures have checksums.</summary>
    internal bool HasChecksums => (Version & XfsFeatures.VersionMask) == XfsFeatures.Version5;

    /// <summary>Whether the magic number is there.</summary>
    internal static bool IsMatch(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Magic);

    /// <summary>Reads the structure. Version 4 has no features of version 5.</summary>
    internal static XfsSuperblock Read(ReadOnlySpan<byte> bytes)
    {
        var version = BinaryPrimitives.ReadUInt16BigEndian(bytes[100..]);
        var five = (version & XfsFeatures.VersionMask) == XfsFeatures.Version5;
        var incompatible = five ? BinaryPrimitives.ReadUInt32BigEndian(bytes[216..]) : 0;
        var label = bytes.Slice(108, 12);
        var labelEnd = label.IndexOf((byte)0);
        return new XfsSuperblock
        {
            BlockSize = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]),
            Blocks = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
            RealTimeBlocks = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]),
            LogStart = BinaryPrimitives.ReadUInt64BigEndian(bytes[48..]),
            GroupBlocks = BinaryPrimitives.ReadUInt32BigEndian(bytes[84..]),
            Groups = BinaryPrimitives.ReadUInt32BigEndian(bytes[88..]),
            LogBlocks = BinaryPrimitives.ReadUInt32BigEndian(bytes[96..]),
            Version = version,
            SectorSize = BinaryPrimitives.ReadUInt16BigEndian(bytes[102..]),
            Label = Encoding.UTF8.GetString(labelEnd < 0 ? label : label[..labelEnd]),
            LogGroupBlocks = bytes[124],
            InProgress = bytes[126],
            Compatible = five ? BinaryPrimitives.ReadUInt32BigEndian(bytes[208..]) : 0,
            ReadOnlyCompatible = five ? BinaryPrimitives.ReadUInt32BigEndian(bytes[212..]) : 0,
            Incompatible = incompatible,
            LogIncompatible = five ? BinaryPrimitives.ReadUInt32BigEndian(bytes[220..]) : 0,
            Uuid = new Guid(bytes.Slice(UuidOffset, 16)),
            MetaUuid = new Guid(bytes.Slice((incompatible & XfsFeatures.MetaUuid) != 0 ? MetaUuidOffset : UuidOffset, 16)),
        };
    }
}
