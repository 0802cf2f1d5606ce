using System.Buffers.Binary;
using Ferry.Hives.Cells;

namespace Ferry.Hives.Logs;

/// <summary>An entry ("HvLE") of a log of the new format.</summary>
/// <param name="Size">Its bytes.</param>
/// <param name="Flags">The flags of the hive's base block.</param>
/// <param name="Sequence">One more than the entry before it.</param>
/// <param name="BinsSize">Bytes of the hive's bins after it.</param>
/// <param name="Pages">What it changes: where among the bins, and with which bytes.</param>
internal sealed record LogEntry(int Size, uint Flags, uint Sequence, uint BinsSize, IReadOnlyList<(int Offset, ReadOnlyMemory<byte> Bytes)> Pages)
{
    public const int Sector = 512;
    private const int HeaderSize = 40;
    private const int ReferenceSize = 8;
    private const int HashedHeader = 32;

    /// <summary>The sequence number of the entry whose header stands here, undamaged; null: there is none. What follows the header is not looked at.</summary>
    public static uint? SequenceAt(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= HeaderSize && bytes.StartsWith("HvLE"u8) && Marvin32.Hash(bytes[..HashedHeader]) == BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..])
            ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..])
            : null;

    /// <summary>The whole entry, or null where something of it is damaged.</summary>
    public static LogEntry? Read(ReadOnlyMemory<byte> bytes)
    {
        var header = bytes.Span;
        if (SequenceAt(header) is not { } sequence)
        {
            return null;
        }

        var size = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        var binsSize = BinaryPrimitives.ReadUInt32LittleEndian(header[16..]);
        var count = BinaryPrimitives.ReadUInt32LittleEndian(header[20..]);
        var isSane = size >= HeaderSize && size % Sector == 0 && size <= bytes.Length && binsSize != 0 && binsSize % CellStore.BinUnit == 0 && count <= (size - HeaderSize) / ReferenceSize;
        if (!isSane || Marvin32.Hash(header[HeaderSize..(int)size]) != BinaryPrimitives.ReadUInt64LittleEndian(header[24..]))
        {
            return null;
        }

        var pages = new List<(int, ReadOnlyMemory<byte>)>();
        var at = HeaderSize + ((long)count * ReferenceSize);
        for (var i = 0; i < count; i++)
        {
            var reference = header[(HeaderSize + (i * ReferenceSize))..];
            var offset = BinaryPrimitives.ReadUInt32LittleEndian(reference);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(reference[4..]);
            if (length > size - at || (ulong)offset + length > binsSize || offset > int.MaxValue)
            {
                return null;
            }

            pages.Add(((int)offset, bytes.Slice((int)at, (int)length)));
            at += length;
        }

        return new LogEntry((int)size, BinaryPrimitives.ReadUInt32LittleEndian(header[8..]), sequence, binsSize, pages);
    }
}
