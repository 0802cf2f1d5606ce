namespace Ferry.DiskImages.Vdi;

/// <summary>What both header versions say of an image. Nothing in it has been checked.</summary>
/// <param name="Version">Version of the file.</param>
/// <param name="Creator">The text at the file's start.</param>
/// <param name="Type">Type of the image.</param>
/// <param name="Comment">The comment.</param>
/// <param name="Capacity">Size of the disk in bytes.</param>
/// <param name="SectorSize">Bytes per sector.</param>
/// <param name="BlockSize">Bytes per block.</param>
/// <param name="BlockExtra">Bytes before the data of each block.</param>
/// <param name="BlockCount">Entries of the block map.</param>
/// <param name="HeaderEnd">Where the header ends in the file.</param>
/// <param name="MapOffset">Where the block map stands.</param>
/// <param name="DataOffset">Where the blocks begin.</param>
/// <param name="ImageId">Identity of the image.</param>
/// <param name="ParentId">Identity of the parent, or empty.</param>
internal sealed record VdiDisk(
    uint Version,
    string Creator,
    VdiImageType Type,
    string Comment,
    ulong Capacity,
    uint SectorSize,
    uint BlockSize,
    uint BlockExtra,
    uint BlockCount,
    long HeaderEnd,
    long MapOffset,
    long DataOffset,
    Guid ImageId,
    Guid ParentId)
{
    /// <summary>Bytes of the block map.</summary>
    internal long MapLength => (long)BlockCount * VdiBlockPointer.Size;

    /// <summary>Bytes from one place of a block to the next.</summary>
    internal long Stride => (long)BlockSize + BlockExtra;

    /// <summary>Offset in the file of the data of a place; an impossible one when it is more than a file can have.</summary>
    internal long OffsetOf(uint place) => (long)Int128.Min(long.MaxValue, DataOffset + ((Int128)place * Stride) + BlockExtra);

    /// <summary>An image of version 1.</summary>
    internal static VdiDisk From(VdiPreHeader start, VdiHeader header) => new(
        start.Version,
        start.Text,
        header.Type,
        header.Comment,
        header.Capacity,
        header.Geometry.SectorSize,
        header.BlockSize,
        header.BlockExtra,
        header.BlockCount,
        VdiPreHeader.Size + (long)header.HeaderSize,
        header.MapOffset,
        header.DataOffset,
        header.ImageId,
        header.ParentId);

    /// <summary>An image of version 0: map and blocks follow the header without a gap.</summary>
    internal static VdiDisk From(VdiPreHeader start, VdiHeader0 header)
    {
        const long End = VdiPreHeader.Size + VdiHeader0.Size;
        return new VdiDisk(
            start.Version,
            start.Text,
            header.Type,
            header.Comment,
            header.Capacity,
            header.Geometry.SectorSize,
            header.BlockSize,
            0,
            header.BlockCount,
            End,
            End,
            End + ((long)header.BlockCount * VdiBlockPointer.Size),
            header.ImageId,
            header.ParentId);
    }
}
