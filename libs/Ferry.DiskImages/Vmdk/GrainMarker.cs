using System.Buffers.Binary;

namespace Ferry.DiskImages.Vmdk;

/// <summary>
/// Marker before a compressed grain ("VMware Virtual Disk Format 5.0", section "Stream-Optimized Compressed Sparse Extents").
/// </summary>
/// <param name="Sector">Offset 0: first sector of the grain in the extent.</param>
/// <param name="DataSize">Offset 8: bytes of compressed data that follow the marker.</param>
internal readonly record struct GrainMarker(ulong Sector, uint DataSize)
{
    /// <summary>Size on disk; the data follows at once.</summary>
    internal const int Size = 12;

    /// <summary>Reads the structure.</summary>
    internal static GrainMarker Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]));

    /// <summary>Writes the structure.</summary>
    internal void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Sector);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], DataSize);
    }
}
