using System.Buffers.Binary;

namespace Ferry.DiskImages.Vdi;

/// <summary>
/// Header of major version 0, behind the pre-header (VirtualBox's <c>VDIHEADER0</c>), as the first programs wrote it. Little-endian. Offsets here count
/// from the start of the file. The block map follows at once, the blocks follow the map.
/// </summary>
/// <param name="Type">Offset 72.</param>
/// <param name="Flags">Offset 76.</param>
/// <param name="Comment">Offset 80: 256 bytes of UTF-8.</param>
/// <param name="Geometry">Offset 336.</param>
/// <param name="Capacity">Offset 352: size of the disk in bytes.</param>
/// <param name="BlockSize">Offset 360.</param>
/// <param name="BlockCount">Offset 364.</param>
/// <param name="BlocksAllocated">Offset 368.</param>
/// <param name="ImageId">Offset 372.</param>
/// <param name="ModificationId">Offset 388.</param>
/// <param name="ParentId">Offset 404.</param>
internal readonly record struct VdiHeader0(
    VdiImageType Type,
    uint Flags,
    string Comment,
    VdiGeometry Geometry,
    ulong Capacity,
    uint BlockSize,
    uint BlockCount,
    uint BlocksAllocated,
    Guid ImageId,
    Guid ModificationId,
    Guid ParentId)
{
    /// <summary>Size on disk.</summary>
    internal const int Size = 348;

    /// <summary>Reads the structure.</summary>
    /// <param name="bytes">From the end of the pre-header on.</param>
    internal static VdiHeader0 Read(ReadOnlySpan<byte> bytes) => new(
        (VdiImageType)BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]),
        VdiComment.Read(bytes[8..]),
        VdiGeometry.Read(bytes[264..]),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[280..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[288..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[292..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[296..]),
        new Guid(bytes.Slice(300, 16)),
        new Guid(bytes.Slice(316, 16)),
        new Guid(bytes.Slice(332, 16)));

    /// <summary>Writes the structure.</summary>
    internal void Write(Span<byte> bytes)
    {
        bytes[..Size].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)Type);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], Flags);
        VdiComment.Write(Comment, bytes[8..]);
        Geometry.Write(bytes[264..]);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[280..], Capacity);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[288..], BlockSize);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[292..], BlockCount);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[296..], BlocksAllocated);
        ImageId.TryWriteBytes(bytes[300..]);
        ModificationId.TryWriteBytes(bytes[316..]);
        ParentId.TryWriteBytes(bytes[332..]);
    }
}
