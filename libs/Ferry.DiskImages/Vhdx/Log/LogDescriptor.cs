using System.Buffers.Binary;

namespace Ferry.DiskImages.Vhdx.Log;

/// <summary>A zero descriptor (MS-VHDX 2.3.1.2) or a data descriptor (2.3.1.3); they have the same size.</summary>
/// <param name="IsZero">Offset 0: "zero" or "desc".</param>
/// <param name="TrailingBytes">Data, offset 4: the last four bytes of the sector.</param>
/// <param name="LeadingOrLength">Offset 8: data: the first eight bytes of the sector; zero: number of bytes to clear.</param>
/// <param name="FileOffset">Offset 16: where to write, a multiple of 4 KiB.</param>
/// <param name="SequenceNumber">Offset 24: that of the entry.</param>
internal readonly record struct LogDescriptor(bool IsZero, uint TrailingBytes, ulong LeadingOrLength, ulong FileOffset, ulong SequenceNumber)
{
    /// <summary>Size on disk.</summary>
    internal const int Size = 32;

    private static ReadOnlySpan<byte> ZeroSignature => "zero"u8;

    private static ReadOnlySpan<byte> DataSignature => "desc"u8;

    /// <summary>Whether the bytes are a descriptor.</summary>
    internal static bool IsMatch(ReadOnlySpan<byte> bytes) => bytes.StartsWith(ZeroSignature) || bytes.StartsWith(DataSignature);

    /// <summary>Reads the structure.</summary>
    internal static LogDescriptor Read(ReadOnlySpan<byte> bytes) => new(
        bytes.StartsWith(ZeroSignature),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]));
}
