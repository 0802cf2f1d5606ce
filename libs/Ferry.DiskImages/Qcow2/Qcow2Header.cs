using System.Buffers.Binary;

namespace Ferry.DiskImages.Qcow2;

/// <summary>
/// Header (QEMU docs/interop/qcow2.txt, section "Header"), big-endian, at the start of the file. Version 2 has its first 72 bytes; the rest then has the values
/// that the specification gives for version 2.
/// </summary>
/// <param name="Version">Offset 4: 2 or 3.</param>
/// <param name="BackingFileOffset">Offset 8: where the name of the backing file stands; 0: there is none.</param>
/// <param name="BackingFileSize">Offset 16: bytes of that name, at most 1023.</param>
/// <param name="ClusterBits">Offset 20: log2 of the cluster size.</param>
/// <param name="DiskSize">Offset 24: size of the disk in bytes.</param>
/// <param name="Encryption">Offset 32: 0 none, 1 AES, 2 LUKS.</param>
/// <param name="L1Entries">Offset 36: entries of the active L1 table.</param>
/// <param name="L1Offset">Offset 40: where it stands.</param>
/// <param name="RefcountTableOffset">Offset 48: where the refcount table stands.</param>
/// <param name="RefcountTableClusters">Offset 56: clusters of the refcount table.</param>
/// <param name="Snapshots">Offset 60: number of internal snapshots.</param>
/// <param name="SnapshotsOffset">Offset 64: where their table stands.</param>
/// <param name="Incompatible">Offset 72: features without which the image cannot be read.</param>
/// <param name="Compatible">Offset 80: features that may be ignored.</param>
/// <param name="Autoclear">Offset 88: features that who writes must keep or take away.</param>
/// <param name="RefcountOrder">Offset 96: log2 of the bits of a refcount.</param>
/// <param name="HeaderLength">Offset 100: bytes of the header.</param>
/// <param name="CompressionType">Offset 104, where the header is so long: 0 zlib, 1 zstd.</param>
internal readonly record struct Qcow2Header(
    uint Version,
    ulong BackingFileOffset,
    uint BackingFileSize,
    uint ClusterBits,
    ulong DiskSize,
    uint Encryption,
    uint L1Entries,
    ulong L1Offset,
    ulong RefcountTableOffset,
    uint RefcountTableClusters,
    uint Snapshots,
    ulong SnapshotsOffset,
    IncompatibleFeatures Incompatible,
    CompatibleFeatures Compatible,
    AutoclearFeatures Autoclear,
    uint RefcountOrder,
    uint HeaderLength,
    byte CompressionType)
{
    /// <summary>Bytes that are written: the header of version 3 with the compression type and its padding.</summary>
    internal const int Size = 112;

    /// <summary>Bytes of version 2.</summary>
    internal const int Version2Size = 72;

    /// <summary>Least bytes of version 3.</summary>
    internal const int Version3Size = 104;

    /// <summary>Bytes of magic and version.</summary>
    internal const int SignatureSize = 8;

    private const uint Version2RefcountOrder = 4;

    /// <summary>The magic.</summary>
    internal static ReadOnlySpan<byte> Magic => [(byte)'Q', (byte)'F', (byte)'I', 0xfb];

    /// <summary>Magic and version of what Ferry writes.</summary>
    internal static ReadOnlySpan<byte> Signature => [(byte)'Q', (byte)'F', (byte)'I', 0xfb, 0, 0, 0, 3];

    /// <summary>Whether a file begins with the magic.</summary>
    internal static bool IsMatch(ReadOnlySpan<byte> start) => start.StartsWith(Magic);

    /// <summary>The version of a file that begins with the magic; 0 when it ends before.</summary>
    internal static uint VersionOf(ReadOnlySpan<byte> bytes) => bytes.Length >= SignatureSize ? BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]) : 0;

    /// <summary>Reads the structure from bytes that hold at least the least header of their version.</summary>
    internal static Qcow2Header Read(ReadOnlySpan<byte> bytes)
    {
        var version = VersionOf(bytes);
        var header = new Qcow2Header(
            version,
            BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[20..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[32..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[36..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[40..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[48..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[56..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[60..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[64..]),
            IncompatibleFeatures.None,
            CompatibleFeatures.None,
            AutoclearFeatures.None,
            Version2RefcountOrder,
            Version2Size,
            0);
        if (version == 2)
        {
            return header;
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(bytes[100..]);
        return header with
        {
            Incompatible = (IncompatibleFeatures)BinaryPrimitives.ReadUInt64BigEndian(bytes[72..]),
            Compatible = (CompatibleFeatures)BinaryPrimitives.ReadUInt64BigEndian(bytes[80..]),
            Autoclear = (AutoclearFeatures)BinaryPrimitives.ReadUInt64BigEndian(bytes[88..]),
            RefcountOrder = BinaryPrimitives.ReadUInt32BigEndian(bytes[96..]),
            HeaderLength = length,
            CompressionType = length > Version3Size && bytes.Length > Version3Size ? bytes[Version3Size] : (byte)0,
        };
    }

    /// <summary>Writes the structure of version 3 without its <see cref="Signature"/>: the first eight bytes stay as they are.</summary>
    internal void Write(Span<byte> bytes)
    {
        bytes = bytes[..Size];
        bytes[SignatureSize..].Clear();
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], BackingFileOffset);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[16..], BackingFileSize);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[20..], ClusterBits);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[24..], DiskSize);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[32..], Encryption);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[36..], L1Entries);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[40..], L1Offset);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[48..], RefcountTableOffset);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[56..], RefcountTableClusters);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[60..], Snapshots);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[64..], SnapshotsOffset);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[72..], (ulong)Incompatible);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[80..], (ulong)Compatible);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[88..], (ulong)Autoclear);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[96..], RefcountOrder);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[100..], HeaderLength);
        bytes[104] = CompressionType;
    }
}
