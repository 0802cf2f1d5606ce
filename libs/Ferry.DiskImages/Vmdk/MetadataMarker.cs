using System.Buffers.Binary;

namespace Ferry.DiskImages.Vmdk;

/// <summary>
/// Marker before a table, the footer or the end of a stream-optimized extent ("VMware Virtual Disk Format 5.0", section "Stream-Optimized Compressed
/// Sparse Extents"): one sector; its size field is 0, which tells it from a <see cref="GrainMarker"/>.
/// </summary>
/// <param name="Sectors">Offset 0: sectors of metadata that follow.</param>
/// <param name="DataSize">Offset 8: 0.</param>
/// <param name="Type">Offset 12: what follows.</param>
internal readonly record struct MetadataMarker(ulong Sectors, uint DataSize, uint Type)
{
    /// <summary>Size on disk: one sector.</summary>
    internal const int Size = 512;

    /// <summary><see cref="Type"/> of the end of the stream.</summary>
    internal const uint EndOfStream = 0;

    /// <summary><see cref="Type"/> of a grain table.</summary>
    internal const uint GrainTable = 1;

    /// <summary><see cref="Type"/> of the grain directory.</summary>
    internal const uint GrainDirectory = 2;

    /// <summary><see cref="Type"/> of the footer.</summary>
    internal const uint Footer = 3;

    /// <summary>Reads the structure.</summary>
    internal static MetadataMarker Read(ReadOnlySpan<byte> sector) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(sector),
        BinaryPrimitives.ReadUInt32LittleEndian(sector[8..]),
        BinaryPrimitives.ReadUInt32LittleEndian(sector[12..]));

    /// <summary>Writes the structure.</summary>
    internal void Write(Span<byte> sector)
    {
        sector[..Size].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(sector, Sectors);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[8..], DataSize);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[12..], Type);
    }
}
