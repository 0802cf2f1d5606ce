using System.Buffers.Binary;

namespace Ferry.DiskImages.Vmdk.SeSparse;

/// <summary>Volatile header of an seSparse extent: one sector, where the constant header says. For the source of the layout see <see cref="SeSparseHeader"/>.</summary>
/// <param name="FreeTable">Offset 8: the next grain table that is free.</param>
/// <param name="NextTransaction">Offset 16: number of the next transaction of the journal.</param>
/// <param name="ReplayJournal">Offset 24: not 0 when the extent was not closed and its journal has to be replayed.</param>
internal readonly record struct SeSparseVolatileHeader(ulong FreeTable, ulong NextTransaction, ulong ReplayJournal)
{
    /// <summary>Size on disk: one sector.</summary>
    internal const int Size = 512;

    /// <summary>Offset 0.</summary>
    private const ulong Magic = 0x00000000cafecafe;

    /// <summary>Whether the sector begins with the magic number.</summary>
    internal static bool IsMatch(ReadOnlySpan<byte> sector) => BinaryPrimitives.ReadUInt64LittleEndian(sector) == Magic;

    /// <summary>Reads the structure.</summary>
    internal static SeSparseVolatileHeader Read(ReadOnlySpan<byte> sector) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(sector[8..]),
        BinaryPrimitives.ReadUInt64LittleEndian(sector[16..]),
        BinaryPrimitives.ReadUInt64LittleEndian(sector[24..]));

    /// <summary>Writes the structure with its magic number.</summary>
    internal void Write(Span<byte> sector)
    {
        sector[..Size].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(sector, Magic);
        BinaryPrimitives.WriteUInt64LittleEndian(sector[8..], FreeTable);
        BinaryPrimitives.WriteUInt64LittleEndian(sector[16..], NextTransaction);
        BinaryPrimitives.WriteUInt64LittleEndian(sector[24..], ReplayJournal);
    }
}
