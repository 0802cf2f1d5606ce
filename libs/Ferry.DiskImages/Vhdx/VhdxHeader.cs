using System.Buffers.Binary;
using Ferry.DiskImages.Checksums;

namespace Ferry.DiskImages.Vhdx;

/// <summary>Header (MS-VHDX 2.2.2): two copies, at 64 KiB and 128 KiB; the valid one with the higher sequence number counts.</summary>
/// <param name="SequenceNumber">Offset 8.</param>
/// <param name="FileWriteId">Offset 16: changes whenever the file is opened for writing.</param>
/// <param name="DataWriteId">Offset 32: changes whenever the disk's content changes.</param>
/// <param name="LogId">Offset 48: the log entries that count; empty: the log is empty.</param>
/// <param name="LogVersion">Offset 64: 0.</param>
/// <param name="Version">Offset 66: 1.</param>
/// <param name="LogLength">Offset 68: a multiple of 1 MiB.</param>
/// <param name="LogOffset">Offset 72: a multiple of 1 MiB.</param>
internal readonly record struct VhdxHeader(
    ulong SequenceNumber, Guid FileWriteId, Guid DataWriteId, Guid LogId, ushort LogVersion, ushort Version, uint LogLength, ulong LogOffset)
{
    /// <summary>Size on disk; the checksum covers all of it.</summary>
    internal const int Size = 4096;

    /// <summary>Where the first copy stands.</summary>
    internal const long FirstOffset = 64 * 1024;

    /// <summary>Where the second copy stands.</summary>
    internal const long SecondOffset = 128 * 1024;

    private const int ChecksumOffset = 4;

    private static ReadOnlySpan<byte> Signature => "head"u8;

    /// <summary>Whether signature and checksum are right.</summary>
    internal static bool IsValid(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith(Signature) && BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumOffset..]) == Crc32C.Compute(bytes[..Size], ChecksumOffset);

    /// <summary>Reads the structure.</summary>
    internal static VhdxHeader Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]),
        new Guid(bytes.Slice(16, 16)),
        new Guid(bytes.Slice(32, 16)),
        new Guid(bytes.Slice(48, 16)),
        BinaryPrimitives.ReadUInt16LittleEndian(bytes[64..]),
        BinaryPrimitives.ReadUInt16LittleEndian(bytes[66..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[68..]),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[72..]));

    /// <summary>Writes the structure with signature and checksum.</summary>
    internal void Write(Span<byte> bytes)
    {
        bytes = bytes[..Size];
        bytes.Clear();
        Signature.CopyTo(bytes);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], SequenceNumber);
        FileWriteId.TryWriteBytes(bytes[16..]);
        DataWriteId.TryWriteBytes(bytes[32..]);
        LogId.TryWriteBytes(bytes[48..]);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[64..], LogVersion);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[66..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[68..], LogLength);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[72..], LogOffset);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[ChecksumOffset..], Crc32C.Compute(bytes, ChecksumOffset));
    }
}
