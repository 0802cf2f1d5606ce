using System.Buffers.Binary;
using Ferry.DiskImages.Checksums;

namespace Ferry.DiskImages.Vhdx.Log;

/// <summary>Header of a log entry (MS-VHDX 2.3.1.1); the entry's checksum covers all its sectors.</summary>
/// <param name="EntryLength">Offset 8: bytes of the entry, a multiple of 4 KiB.</param>
/// <param name="Tail">Offset 12: offset in the log of the oldest entry of the sequence.</param>
/// <param name="SequenceNumber">Offset 16: one more than that of the entry before.</param>
/// <param name="DescriptorCount">Offset 24.</param>
/// <param name="LogId">Offset 32: must be that of the header.</param>
/// <param name="FlushedFileOffset">Offset 48: the file had at least this length when the entry was written.</param>
/// <param name="LastFileOffset">Offset 56: the file is at least this long after the replay.</param>
internal readonly record struct LogEntryHeader(
    uint EntryLength, uint Tail, ulong SequenceNumber, uint DescriptorCount, Guid LogId, ulong FlushedFileOffset, ulong LastFileOffset)
{
    /// <summary>Size on disk; the descriptors follow.</summary>
    internal const int Size = 64;

    /// <summary>The log consists of sectors of this size.</summary>
    internal const int SectorSize = 4096;

    private const int ChecksumOffset = 4;

    private static ReadOnlySpan<byte> Signature => "loge"u8;

    /// <summary>Whether a sector begins with an entry header.</summary>
    internal static bool IsMatch(ReadOnlySpan<byte> sector) => sector.StartsWith(Signature);

    /// <summary>Whether the checksum of a whole entry is right.</summary>
    internal static bool HasValidChecksum(ReadOnlySpan<byte> entry) =>
        BinaryPrimitives.ReadUInt32LittleEndian(entry[ChecksumOffset..]) == Crc32C.Compute(entry, ChecksumOffset);

    /// <summary>Reads the structure.</summary>
    internal static LogEntryHeader Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]),
        new Guid(bytes.Slice(32, 16)),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[48..]),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[56..]));
}
