using System.Buffers.Binary;

namespace Ferry.DiskImages.Vhdx.Log;

/// <summary>Data sector (MS-VHDX 2.3.1.4): the bytes of a sector but the first eight and last four, which its descriptor holds.</summary>
/// <param name="SequenceNumber">Offset 4, the high half, and 4092, the low half.</param>
internal readonly record struct LogDataSector(ulong SequenceNumber)
{
    /// <summary>Size on disk.</summary>
    internal const int Size = LogEntryHeader.SectorSize;

    private const int DataOffset = 8;
    private const int DataEnd = 4092;

    private static ReadOnlySpan<byte> Signature => "data"u8;

    /// <summary>Whether the bytes are a data sector.</summary>
    internal static bool IsMatch(ReadOnlySpan<byte> sector) => sector.StartsWith(Signature);

    /// <summary>Reads the structure.</summary>
    internal static LogDataSector Read(ReadOnlySpan<byte> sector) => new(
        ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(sector[4..]) << 32) | BinaryPrimitives.ReadUInt32LittleEndian(sector[DataEnd..]));

    /// <summary>The sector as it is to be written.</summary>
    internal static byte[] Restore(ReadOnlySpan<byte> sector, LogDescriptor descriptor)
    {
        var bytes = new byte[Size];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, descriptor.LeadingOrLength);
        sector[DataOffset..DataEnd].CopyTo(bytes.AsSpan(DataOffset));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(DataEnd), descriptor.TrailingBytes);
        return bytes;
    }
}
