using System.Buffers.Binary;

namespace Ferry.DiskImages.Vdi;

/// <summary>Geometry of a disk (VirtualBox's <c>VDIDISKGEOMETRY</c>), part of the headers. Only the sector size means something today.</summary>
/// <param name="Cylinders">Offset 0.</param>
/// <param name="Heads">Offset 4.</param>
/// <param name="Sectors">Offset 8: sectors per track.</param>
/// <param name="SectorSize">Offset 12: bytes per sector, 512.</param>
internal readonly record struct VdiGeometry(uint Cylinders, uint Heads, uint Sectors, uint SectorSize)
{
    /// <summary>Size on disk.</summary>
    internal const int Size = 16;

    /// <summary>Reads the structure.</summary>
    internal static VdiGeometry Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]));

    /// <summary>Writes the structure.</summary>
    internal void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Cylinders);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], Heads);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], Sectors);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[12..], SectorSize);
    }
}
