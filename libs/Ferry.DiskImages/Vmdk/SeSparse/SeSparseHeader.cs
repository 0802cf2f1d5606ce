using System.Buffers.Binary;

namespace Ferry.DiskImages.Vmdk.SeSparse;

/// <summary>
/// Constant header of an seSparse extent at offset 0: one sector. VMware has not published the format; the layout is the one that QEMU's
/// <c>block/vmdk.c</c> documents and files of ESXi 6.5 and later show. Little-endian numbers of 64 bits; counts and offsets in sectors of 512 bytes.
/// </summary>
/// <param name="Version">Offset 8: 0x200000001.</param>
/// <param name="Capacity">Offset 16: size of the extent.</param>
/// <param name="GrainSize">Offset 24: sectors per grain, 8.</param>
/// <param name="TableSize">Offset 32: sectors per grain table, 64.</param>
/// <param name="Flags">Offset 40: 0.</param>
/// <param name="VolatileHeaderOffset">Offset 80: <see cref="SeSparseVolatileHeader"/>.</param>
/// <param name="DirectoryOffset">Offset 128.</param>
/// <param name="DirectorySize">Offset 136.</param>
/// <param name="TablesOffset">Offset 144: the grain tables, one behind the other.</param>
/// <param name="TablesSize">Offset 152.</param>
/// <param name="GrainsOffset">Offset 192: the grains, one behind the other.</param>
/// <param name="GrainsSize">Offset 200.</param>
internal readonly record struct SeSparseHeader(
    ulong Version,
    ulong Capacity,
    ulong GrainSize,
    ulong TableSize,
    ulong Flags,
    ulong VolatileHeaderOffset,
    ulong DirectoryOffset,
    ulong DirectorySize,
    ulong TablesOffset,
    ulong TablesSize,
    ulong GrainsOffset,
    ulong GrainsSize)
{
    /// <summary>Size on disk: one sector.</summary>
    internal const int Size = 512;

    /// <summary>The only version that is known.</summary>
    internal const ulong Version21 = 0x0000000200000001;

    /// <summary>Offset 0.</summary>
    private const ulong Magic = 0x00000000cafebabe;

    private const int ReservedOffset = 48;
    private const int ReservedSize = 32;

    /// <summary>Whether a file begins with the magic number.</summary>
    internal static bool IsMatch(ReadOnlySpan<byte> start) => start.Length >= 8 && BinaryPrimitives.ReadUInt64LittleEndian(start) == Magic;

    /// <summary>Whether a reserved field (offset 48) is not 0, as it is in every file that is known.</summary>
    internal static bool HasUnknownFields(ReadOnlySpan<byte> sector) => sector.Slice(ReservedOffset, ReservedSize).ContainsAnyExcept((byte)0);

    /// <summary>Reads the structure.</summary>
    internal static SeSparseHeader Read(ReadOnlySpan<byte> sector) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(sector[8..]),
        BinaryPrimitives.ReadUInt64LittleEndian(sector[16..]),
        BinaryPrimitives.ReadUInt64LittleEndian(sector[24..]),
        BinaryPrimitives.ReadUInt64LittleEndian(sector[32..]),
        BinaryPrimitives.ReadUInt64LittleEndian(sector[40..]),
        BinaryPrimitives.ReadUInt64LittleEndian(sector[80..]),
        BinaryPrimitives.ReadUInt64LittleEndian(sector[128..]),
        BinaryPrimitives.ReadUInt64LittleEndian(sector[136..]),
        BinaryPrimitives.ReadUInt64LittleEndian(sector[144..]),
        BinaryPrimitives.ReadUInt64LittleEndian(sector[152..]),
        BinaryPrimitives.ReadUInt64LittleEndian(sector[192..]),
        BinaryPrimitives.ReadUInt64LittleEndian(sector[200..]));

    /// <summary>Writes the structure with its magic number; journal, free-space bitmap and back map (offsets 96 to 127 and 160 to 191) are left out.</summary>
    internal void Write(Span<byte> sector)
    {
        sector[..Size].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(sector, Magic);
        BinaryPrimitives.WriteUInt64LittleEndian(sector[8..], Version);
        BinaryPrimitives.WriteUInt64LittleEndian(sector[16..], Capacity);
        BinaryPrimitives.WriteUInt64LittleEndian(sector[24..], GrainSize);
        BinaryPrimitives.WriteUInt64LittleEndian(sector[32..], TableSize);
        BinaryPrimitives.WriteUInt64LittleEndian(sector[40..], Flags);
        BinaryPrimitives.WriteUInt64LittleEndian(sector[80..], VolatileHeaderOffset);
        BinaryPrimitives.WriteUInt64LittleEndian(sector[128..], DirectoryOffset);
        BinaryPrimitives.WriteUInt64LittleEndian(sector[136..], DirectorySize);
        BinaryPrimitives.WriteUInt64LittleEndian(sector[144..], TablesOffset);
        BinaryPrimitives.WriteUInt64LittleEndian(sector[152..], TablesSize);
        BinaryPrimitives.WriteUInt64LittleEndian(sector[192..], GrainsOffset);
        BinaryPrimitives.WriteUInt64LittleEndian(sector[200..], GrainsSize);
    }
}
