using System.Buffers.Binary;
using System.Text;

namespace Ferry.DiskImages.Vhd;

/// <summary>Dynamic disk header (VHD 1.0, "Dynamic Disk Header Format"); the footer's data offset says where it stands. All numbers are big-endian.</summary>
/// <param name="TableOffset">Offset 16: where the block allocation table stands, in bytes.</param>
/// <param name="Version">Offset 24: 0x00010000.</param>
/// <param name="MaxTableEntries">Offset 28: entries of the table.</param>
/// <param name="BlockSize">Offset 32: bytes of data per block, a power of 2.</param>
/// <param name="ParentId">Offset 40: the parent's unique id.</param>
/// <param name="ParentName">Offset 64: the parent's name or path, 256 UTF-16 characters, big-endian, padded with zeros.</param>
/// <param name="ParentLocators">Offset 576: the eight parent locators.</param>
internal readonly record struct DynamicDiskHeader(
    ulong TableOffset, uint Version, uint MaxTableEntries, uint BlockSize, Guid ParentId, string ParentName, IReadOnlyList<ParentLocatorEntry> ParentLocators)
{
    /// <summary>Size on disk.</summary>
    internal const int Size = 1024;

    /// <summary>The version of the specification.</summary>
    internal const uint KnownVersion = 0x00010000;

    private const int ChecksumOffset = 36;
    private const int ParentNameOffset = 64;
    private const int ParentNameSize = 512;
    private const int LocatorsOffset = 576;
    private const int LocatorCount = 8;

    private static ReadOnlySpan<byte> Cookie => "cxsparse"u8;

    /// <summary>Whether cookie and checksum are right.</summary>
    internal static bool IsValid(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Cookie) && VhdChecksum.IsValid(bytes[..Size], ChecksumOffset);

    /// <summary>The header of a disk without a parent.</summary>
    internal static DynamicDiskHeader Create(long tableOffset, long blockCount, int blockSize) =>
        new((ulong)tableOffset, KnownVersion, (uint)blockCount, (uint)blockSize, Guid.Empty, "", []);

    /// <summary>Reads the structure.</summary>
    internal static DynamicDiskHeader Read(ReadOnlySpan<byte> bytes)
    {
        var locators = new ParentLocatorEntry[LocatorCount];
        for (var i = 0; i < locators.Length; i++)
        {
            locators[i] = ParentLocatorEntry.Read(bytes[(LocatorsOffset + (i * ParentLocatorEntry.Size))..]);
        }

        return new DynamicDiskHeader(
            BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[24..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[28..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[32..]),
            new Guid(bytes.Slice(40, 16), bigEndian: true),
            Encoding.BigEndianUnicode.GetString(bytes.Slice(ParentNameOffset, ParentNameSize)),
            locators);
    }

    /// <summary>Writes the structure of a disk without a parent, with cookie and checksum.</summary>
    internal void Write(Span<byte> bytes)
    {
        bytes = bytes[..Size];
        bytes.Clear();
        Cookie.CopyTo(bytes);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], ulong.MaxValue);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], TableOffset);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[24..], Version);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[28..], MaxTableEntries);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[32..], BlockSize);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[ChecksumOffset..], VhdChecksum.Compute(bytes, ChecksumOffset));
    }
}
