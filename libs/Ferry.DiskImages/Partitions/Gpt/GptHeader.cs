using System.Buffers.Binary;
using Ferry.DiskImages.Checksums;

namespace Ferry.DiskImages.Partitions.Gpt;

/// <summary>Header of a GUID partition table (UEFI 2.10, 5.3.2, table 5.5): in sector 1, and a copy in the last sector of the disk.</summary>
/// <param name="Self">Offset 24: the sector of this header.</param>
/// <param name="Other">Offset 32: the sector of the other copy.</param>
/// <param name="FirstUsable">Offset 40: the first sector that a partition may have.</param>
/// <param name="LastUsable">Offset 48: the last one.</param>
/// <param name="DiskId">Offset 56.</param>
/// <param name="EntriesSector">Offset 72: where the entries begin.</param>
/// <param name="EntryCount">Offset 80.</param>
/// <param name="EntrySize">Offset 84: 128 times a power of two.</param>
/// <param name="EntriesChecksum">Offset 88: CRC-32 of all entries.</param>
internal readonly record struct GptHeader(
    ulong Self, ulong Other, ulong FirstUsable, ulong LastUsable, Guid DiskId, ulong EntriesSector, uint EntryCount, uint EntrySize, uint EntriesChecksum)
{
    /// <summary>Size on disk that is read; the header says its own, which is at least this.</summary>
    internal const int Size = 92;

    /// <summary>The most entries that are read: 32 times what the specification asks for.</summary>
    internal const uint MostEntries = 4096;

    private const uint MostEntrySize = 4096;
    private const int ChecksumOffset = 16;
    private const uint Revision = 0x00010000;

    private static ReadOnlySpan<byte> Signature => "EFI PART"u8;

    /// <summary>Whether signature, revision, sizes and checksum are right.</summary>
    /// <param name="sector">The whole sector.</param>
    internal static bool IsValid(ReadOnlySpan<byte> sector)
    {
        if (!sector.StartsWith(Signature) || BinaryPrimitives.ReadUInt32LittleEndian(sector[8..]) != Revision)
        {
            return false;
        }

        var size = BinaryPrimitives.ReadUInt32LittleEndian(sector[12..]);
        if (size < Size || size > sector.Length)
        {
            return false;
        }

        var crc = Crc32.Append(uint.MaxValue, sector[..ChecksumOffset]);
        crc = Crc32.Append(crc, stackalloc byte[sizeof(uint)]);
        crc = ~Crc32.Append(crc, sector[(ChecksumOffset + sizeof(uint))..(int)size]);
        var header = Read(sector);
        return crc == BinaryPrimitives.ReadUInt32LittleEndian(sector[ChecksumOffset..])
            && header.EntrySize is >= GptEntry.Size and <= MostEntrySize && uint.IsPow2(header.EntrySize)
            && header.EntryCount is > 0 and <= MostEntries;
    }

    /// <summary>Reads the structure.</summary>
    internal static GptHeader Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..]),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[40..]),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[48..]),
        new Guid(bytes.Slice(56, 16)),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[72..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[80..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[84..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[88..]));
}
