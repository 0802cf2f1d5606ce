using System.Buffers.Binary;

namespace Ferry.DiskImages.Vhdx;

/// <summary>Region table entry (MS-VHDX 2.2.3.2).</summary>
/// <param name="Id">Offset 0: <see cref="Bat"/>, <see cref="Metadata"/> or another region.</param>
/// <param name="FileOffset">Offset 16: a multiple of 1 MiB.</param>
/// <param name="Length">Offset 24: a multiple of 1 MiB.</param>
/// <param name="IsRequired">Offset 28, bit 0: who does not know the region must not open the file.</param>
internal readonly record struct RegionTableEntry(Guid Id, ulong FileOffset, uint Length, bool IsRequired)
{
    /// <summary>Size on disk.</summary>
    internal const int Size = 32;

    /// <summary>The block allocation table.</summary>
    internal static readonly Guid Bat = new("2DC27766-F623-4200-9D64-115E9BFD4A08");

    /// <summary>The metadata region.</summary>
    internal static readonly Guid Metadata = new("8B7CA206-4790-4B9A-B8FE-575F050F886E");

    /// <summary>Reads the structure.</summary>
    internal static RegionTableEntry Read(ReadOnlySpan<byte> bytes) => new(
        new Guid(bytes[..16]),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]),
        (BinaryPrimitives.ReadUInt32LittleEndian(bytes[28..]) & 1) != 0);

    /// <summary>Writes the structure.</summary>
    internal void Write(Span<byte> bytes)
    {
        Id.TryWriteBytes(bytes);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], FileOffset);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[24..], Length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[28..], IsRequired ? 1u : 0u);
    }
}
