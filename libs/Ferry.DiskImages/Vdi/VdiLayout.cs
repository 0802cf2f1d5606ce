using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Writing;

namespace Ferry.DiskImages.Vdi;

/// <summary>
/// Where everything stands in a VDI that Ferry writes: the <see cref="ImageRecord"/> in the second sector, the rest as VirtualBox lays it out, the block map
/// at 1 MiB, blocks of 1 MiB (the only size that QEMU reads) behind it at the next whole MiB. Nothing in it depends on the time or on chance.
/// </summary>
/// <param name="Capacity">Size of the disk in bytes.</param>
/// <param name="DiskId">Identity of the image.</param>
internal sealed record VdiLayout(long Capacity, Guid DiskId)
{
    /// <summary>Bytes per block.</summary>
    internal const int BlockSize = 1 << 20;

    /// <summary>Where the block map stands.</summary>
    internal const long MapOffset = BlockSize;

    /// <summary>Bytes at the start of the file that hold the headers.</summary>
    internal const int HeaderArea = 512;

    /// <summary>Where the record stands.</summary>
    internal const long RecordOffset = HeaderArea;

    /// <summary>How the comment of every file that Ferry writes begins; alone in one whose blocks get their places as they come.</summary>
    internal const string Creator = "Ferry";

    /// <summary>The offset of the blocks is a 32-bit number, which bounds the map.</summary>
    private const long MaximumBlocks = (uint.MaxValue - (2L * BlockSize)) / VdiBlockPointer.Size / BlockSize * BlockSize;

    private const string Text = "<<< Ferry VirtualBox Disk Image >>>\n";

    /// <summary>Blocks of the disk.</summary>
    internal long BlockCount => ((Capacity - 1) / BlockSize) + 1;

    /// <summary>Where the first block stands.</summary>
    internal long DataOffset => MapOffset + (((BlockCount * VdiBlockPointer.Size) + BlockSize - 1) / BlockSize * BlockSize);

    /// <summary>Checks the sizes of a plan.</summary>
    /// <exception cref="ArgumentException">The format does not allow the sizes.</exception>
    internal static VdiLayout Create(DiskImagePlan plan)
    {
        if (plan.BlockSize is not 0 and not BlockSize)
        {
            throw new ArgumentException($"A VDI block is 1 MiB, not {plan.BlockSize} bytes.", nameof(plan));
        }

        if (plan.LogicalSectorSize != SourceBounds.Sector)
        {
            throw new ArgumentException($"A VDI disk has sectors of 512 bytes, not {plan.LogicalSectorSize}.", nameof(plan));
        }

        return IsPossible(plan.Capacity)
            ? new VdiLayout(plan.Capacity, plan.DiskId)
            : throw new ArgumentException($"A VDI disk has up to {MaximumBlocks} MiB in whole sectors, not {plan.Capacity} bytes.", nameof(plan));
    }

    /// <summary>The layout of a file that Ferry wrote, from what no delta changes in it; null: another program wrote it.</summary>
    internal static VdiLayout? Of(VdiHeader header)
    {
        var layout = new VdiLayout((long)header.Capacity, header.ImageId);
        return header.Comment.StartsWith(Creator, StringComparison.Ordinal)
            && IsPossible(layout.Capacity)
            && header.Type == VdiImageType.Dynamic
            && header.BlockSize == BlockSize
            && header.BlockExtra == 0
            && header.MapOffset == MapOffset
            && header.DataOffset == layout.DataOffset
            && header.BlockCount == layout.BlockCount ? layout : null;
    }

    /// <summary>Whether a disk of this size can be written.</summary>
    private static bool IsPossible(long capacity) => capacity is > 0 and <= MaximumBlocks * BlockSize && capacity % SourceBounds.Sector == 0;

    /// <summary>Offset in the file of a slot.</summary>
    internal long OffsetOf(long slot) => DataOffset + (slot * BlockSize);

    /// <summary>The comment of a file that is created.</summary>
    /// <param name="digest">Digest of the plan, or null when blocks get their places as they come.</param>
    internal static string CommentOf(string? digest) => digest is null ? Creator : $"{Creator} plan {digest}";

    /// <summary>Digest of the delta that the record speaks of; null when the image is as it was created.</summary>
    internal static string? DeltaOf(ImageRecord? record, string comment) =>
        record is { State: ImageRecordState.Applied } applied && !comment.EndsWith(applied.Digest, StringComparison.Ordinal) ? applied.Digest : null;

    /// <summary>The start of a file that is created: pre-header and header.</summary>
    /// <param name="comment">Its comment.</param>
    /// <param name="allocated">Blocks that have a place.</param>
    internal byte[] Start(string comment, long allocated)
    {
        var bytes = new byte[HeaderArea];
        new VdiPreHeader(Text, IsComplete: false, VdiPreHeader.Version11).Write(bytes);
        new VdiHeader(
            VdiHeader.Size,
            VdiImageType.Dynamic,
            0,
            comment,
            (uint)MapOffset,
            (uint)DataOffset,
            new VdiGeometry(0, 0, 0, SourceBounds.Sector),
            (ulong)Capacity,
            BlockSize,
            0,
            (uint)BlockCount,
            (uint)allocated,
            DiskId,
            ModificationId(comment, allocated),
            Guid.Empty,
            Guid.Empty).Write(bytes.AsSpan(VdiPreHeader.Size));
        return bytes;
    }

    /// <summary>Writes what a delta changes in the header.</summary>
    internal void WriteChange(ImageFile file, string delta, long allocated)
    {
        Span<byte> id = stackalloc byte[16];
        ModificationId(delta, allocated).TryWriteBytes(id);
        file.Write(VdiPreHeader.Size + VdiHeader.ModificationIdOffset, id);
        Span<byte> count = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(count, (uint)allocated);
        file.Write(VdiPreHeader.Size + VdiHeader.BlocksAllocatedOffset, count);
    }

    /// <summary>
    /// The modification id of an image that nobody has written to since Ferry completed it. VirtualBox changes the id when it writes, QEMU only the number of
    /// blocks, so the id holds that, too.
    /// </summary>
    /// <param name="last">Comment of the file, or digest of its last delta.</param>
    /// <param name="allocated">Blocks that have a place.</param>
    internal Guid ModificationId(string last, long allocated)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData([.. DiskId.ToByteArray(), .. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{last} {allocated}"))], digest);
        return new Guid(digest[..16]);
    }
}
