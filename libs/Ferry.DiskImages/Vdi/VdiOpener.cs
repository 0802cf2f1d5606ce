using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Opening;
using Ferry.DiskImages.Sources;
using Ferry.DiskImages.Writing;

namespace Ferry.DiskImages.Vdi;

/// <summary>Checks the header of a VDI file and opens its reader.</summary>
internal static class VdiOpener
{
    private const uint NewestMinorVersion = 1;

    /// <summary>Opens the disk; the reader owns the source from then on, the caller still does when this throws.</summary>
    internal static IDiskImageReader Open(IByteSource source, ImageStart start)
    {
        var disk = ReadHeader(source, start.Head.Span);
        RefuseChild(disk, source);
        Check(disk, source);
        return new VdiReader(source, disk, ContentIdOf(start.Head.Span));
    }

    /// <summary>What Ferry recorded that the image holds, unless another program has written to it since.</summary>
    private static string? ContentIdOf(ReadOnlySpan<byte> head)
    {
        if (VdiPreHeader.Read(head).Major != 1
            || head.Length < VdiLayout.RecordOffset + ImageRecord.Size
            || ImageRecord.TryRead(head[(int)VdiLayout.RecordOffset..]) is not { State: ImageRecordState.Applied } record)
        {
            return null;
        }

        var header = VdiHeader.Read(head[VdiPreHeader.Size..]);
        var last = VdiLayout.DeltaOf(record, header.Comment) ?? header.Comment;
        return VdiLayout.Of(header)?.ModificationId(last, header.BlocksAllocated) == header.ModificationId ? record.ContentId : null;
    }

    private static VdiDisk ReadHeader(IByteSource source, ReadOnlySpan<byte> head)
    {
        var start = VdiPreHeader.Read(head);
        switch (start.Major)
        {
            case 0:
                SourceBounds.Require(source, VdiPreHeader.Size, VdiHeader0.Size, "VDI header");
                return VdiDisk.From(start, VdiHeader0.Read(head[VdiPreHeader.Size..]));
            case 1 when start.Minor <= NewestMinorVersion:
                SourceBounds.Require(source, VdiPreHeader.Size, VdiHeader.MinimumSize, "VDI header");
                return VdiDisk.From(start, VdiHeader.Read(head[VdiPreHeader.Size..]));
            default:
                throw new UnsupportedDiskImageException(
                    DiskImageErrors.UnsupportedVariant, $"VDI version {start.Major}.{start.Minor} cannot be read.", source.Name, VdiPreHeader.SignatureOffset);
        }
    }

    private static void RefuseChild(VdiDisk disk, IByteSource source)
    {
        if (disk.Type is VdiImageType.Undo or VdiImageType.Differencing || disk.ParentId != Guid.Empty)
        {
            throw new UnsupportedDiskImageException(
                DiskImageErrors.UnsupportedVariant,
                $"The image holds only the changes to its parent {disk.ParentId}; a VDI does not say which file that is. Merge the snapshots in VirtualBox, or clone the disk to a new image.",
                source.Name);
        }

        if (disk.Type is not VdiImageType.Dynamic and not VdiImageType.Fixed)
        {
            throw Corrupt($"An image of type {(uint)disk.Type} is unknown.", source);
        }
    }

    private static void Check(VdiDisk disk, IByteSource source)
    {
        if (disk.SectorSize is not 0 and not SourceBounds.Sector)
        {
            throw new UnsupportedDiskImageException(DiskImageErrors.UnsupportedVariant, $"A VDI with sectors of {disk.SectorSize} bytes cannot be read.", source.Name);
        }

        if (!uint.IsPow2(disk.BlockSize) || disk.BlockSize < SourceBounds.Sector)
        {
            throw Corrupt($"A block of {disk.BlockSize} bytes is impossible.", source);
        }

        if (disk.Capacity == 0 || disk.Capacity > (ulong)disk.BlockCount * disk.BlockSize)
        {
            throw Corrupt($"A disk of {disk.Capacity} bytes cannot have {disk.BlockCount} blocks of {disk.BlockSize} bytes.", source);
        }

        var smallest = VdiPreHeader.Size + (long)(disk.Version >> 16 == 0 ? VdiHeader0.Size : VdiHeader.MinimumSize);
        if (disk.HeaderEnd < smallest || disk.MapOffset < smallest || disk.MapOffset % VdiBlockPointer.Size != 0)
        {
            throw Corrupt("The block map stands at an impossible place.", source);
        }

        SourceBounds.Require(source, disk.MapOffset, disk.MapLength, "block map");
        if (disk.DataOffset < disk.MapOffset + disk.MapLength)
        {
            throw Corrupt("The blocks overlap the block map.", source);
        }
    }

    private static InvalidDiskImageException Corrupt(string message, IByteSource source) => new(DiskImageErrors.Corrupt, message, source.Name, VdiPreHeader.Size);
}
