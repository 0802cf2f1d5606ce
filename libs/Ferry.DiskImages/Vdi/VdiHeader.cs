using System.Buffers.Binary;

namespace Ferry.DiskImages.Vdi;

/// <summary>
/// Header of major version 1, behind the pre-header (VirtualBox's <c>VDIHEADER1</c> and <c>VDIHEADER1PLUS</c>; "All about VDIs", VirtualBox forum topic 8046).
/// Little-endian. Offsets here count from the start of the file. A longer header adds the geometry that the guest's BIOS sees, at 456.
/// </summary>
/// <param name="HeaderSize">Offset 72: bytes of this structure, from <see cref="MinimumSize"/>.</param>
/// <param name="Type">Offset 76.</param>
/// <param name="Flags">Offset 80: how VirtualBox fills new blocks.</param>
/// <param name="Comment">Offset 84: 256 bytes of UTF-8.</param>
/// <param name="MapOffset">Offset 340: where the block map stands, in bytes.</param>
/// <param name="DataOffset">Offset 344: where block 0 stands, in bytes.</param>
/// <param name="Geometry">Offset 348.</param>
/// <param name="Capacity">Offset 368: size of the disk in bytes.</param>
/// <param name="BlockSize">Offset 376: bytes per block, a power of 2.</param>
/// <param name="BlockExtra">Offset 380: bytes before the data of each block.</param>
/// <param name="BlockCount">Offset 384: blocks of the disk, which is the number of entries of the map.</param>
/// <param name="BlocksAllocated">Offset 388: blocks that have a place in the file.</param>
/// <param name="ImageId">Offset 392.</param>
/// <param name="ModificationId">Offset 408: changes with the content.</param>
/// <param name="ParentId">Offset 424: <see cref="ImageId"/> of the parent.</param>
/// <param name="ParentModificationId">Offset 440: <see cref="ModificationId"/> of the parent.</param>
internal readonly record struct VdiHeader(
    uint HeaderSize,
    VdiImageType Type,
    uint Flags,
    string Comment,
    uint MapOffset,
    uint DataOffset,
    VdiGeometry Geometry,
    ulong Capacity,
    uint BlockSize,
    uint BlockExtra,
    uint BlockCount,
    uint BlocksAllocated,
    Guid ImageId,
    Guid ModificationId,
    Guid ParentId,
    Guid ParentModificationId)
{
    /// <summary>Size without the second geometry.</summary>
    internal const int MinimumSize = 384;

    /// <summary>Size with the second geometry; what VirtualBox writes.</summary>
    internal const int Size = MinimumSize + VdiGeometry.Size;

    /// <summary>Where <see cref="BlocksAllocated"/> stands in the structure.</summary>
    internal const int BlocksAllocatedOffset = 316;

    /// <summary>Where <see cref="ModificationId"/> stands in the structure.</summary>
    internal const int ModificationIdOffset = 336;

    private const int CommentOffset = 12;
    private const int GeometryOffset = 276;

    /// <summary>Reads the structure.</summary>
    /// <param name="bytes">From the end of the pre-header on, at least <see cref="MinimumSize"/> bytes.</param>
    internal static VdiHeader Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        (VdiImageType)BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]),
        VdiComment.Read(bytes[CommentOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[268..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[272..]),
        VdiGeometry.Read(bytes[GeometryOffset..]),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[296..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[304..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[308..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[312..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[BlocksAllocatedOffset..]),
        new Guid(bytes.Slice(320, 16)),
        new Guid(bytes.Slice(ModificationIdOffset, 16)),
        new Guid(bytes.Slice(352, 16)),
        new Guid(bytes.Slice(368, 16)));

    /// <summary>Writes the structure in its longer form; the second geometry says "unknown", so that the program that runs the disk finds one.</summary>
    internal void Write(Span<byte> bytes)
    {
        bytes[..Size].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, HeaderSize);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], (uint)Type);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], Flags);
        VdiComment.Write(Comment, bytes[CommentOffset..]);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[268..], MapOffset);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[272..], DataOffset);
        Geometry.Write(bytes[GeometryOffset..]);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[296..], Capacity);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[304..], BlockSize);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[308..], BlockExtra);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[312..], BlockCount);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[BlocksAllocatedOffset..], BlocksAllocated);
        ImageId.TryWriteBytes(bytes[320..]);
        ModificationId.TryWriteBytes(bytes[ModificationIdOffset..]);
        ParentId.TryWriteBytes(bytes[352..]);
        ParentModificationId.TryWriteBytes(bytes[368..]);
        new VdiGeometry(0, 0, 0, Geometry.SectorSize).Write(bytes[MinimumSize..]);
    }
}
