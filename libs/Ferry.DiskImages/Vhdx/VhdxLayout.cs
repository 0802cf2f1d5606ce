using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Ferry.DiskImages.Vhdx;

/// <summary>
/// Where everything stands in a VHDX that Ferry writes: log at 1 MiB, metadata at 2 MiB, block allocation table at 3 MiB, blocks behind it.
/// Nothing in it depends on the time or on chance.
/// </summary>
/// <param name="Geometry">Disk and block size.</param>
/// <param name="DiskId">Page 83 id; the ids of the header are derived from it.</param>
/// <param name="IsFixed">Whether every block has its place.</param>
internal sealed record VhdxLayout(VhdxGeometry Geometry, Guid DiskId, bool IsFixed)
{
    /// <summary>Where the image's <see cref="Writing.ImageRecord"/> stands: behind the file type identifier, in the first 64 KiB, which it owns and leaves free (MS-VHDX 2.2).</summary>
    internal const long RecordOffset = 4096;

    private const long MiB = VhdxGeometry.Alignment;
    private const long LogOffset = MiB;
    private const long MetadataOffset = 2 * MiB;
    private const long BatOffset = 3 * MiB;
    private const int PhysicalSectorSize = 4096;
    private const int ItemsOffset = MetadataTable.Size;
    private const long MaximumCapacity = 64L << 40;

    /// <summary>A disk of the default block size has at most this many blocks.</summary>
    private const long MaximumDefaultBlocks = 4 << 20;

    /// <summary>Bytes of the region of the block allocation table.</summary>
    internal long BatLength => ((Geometry.EntryCount * BatEntry.Size) + MiB - 1) / MiB * MiB;

    /// <summary>Where the first block stands.</summary>
    internal long PayloadOffset => BatOffset + BatLength;

    /// <summary>Where the table stands.</summary>
    internal static long TableOffset => BatOffset;

    /// <summary>Checks the sizes of a plan and lays the file out. The default block is 1 MiB, doubled until a disk has at most 4 Mi blocks (over 4 TiB).</summary>
    /// <exception cref="ArgumentException">The format does not allow the sizes.</exception>
    internal static VhdxLayout Create(DiskImagePlan plan)
    {
        long blockSize = plan.BlockSize;
        if (blockSize == 0)
        {
            blockSize = FileParameters.MinimumBlockSize;
            while (plan.Capacity / blockSize >= MaximumDefaultBlocks)
            {
                blockSize *= 2;
            }
        }

        if (blockSize < 0 || !FileParameters.IsAllowed((uint)blockSize))
        {
            throw new ArgumentException($"A VHDX block is a power of 2 from 1 MiB to 256 MiB, not {blockSize} bytes.", nameof(plan));
        }

        if (plan.LogicalSectorSize is not 512 and not 4096)
        {
            throw new ArgumentException($"A logical sector is 512 or 4096 bytes, not {plan.LogicalSectorSize}.", nameof(plan));
        }

        return plan.Capacity is > 0 and <= MaximumCapacity && plan.Capacity % plan.LogicalSectorSize == 0
            ? new VhdxLayout(new VhdxGeometry(plan.Capacity, blockSize, plan.LogicalSectorSize), plan.DiskId, plan.Variant == DiskImageVariant.Fixed)
            : throw new ArgumentException($"A VHDX disk has up to 64 TiB in whole sectors, not {plan.Capacity} bytes.", nameof(plan));
    }

    /// <summary>Offset in the file of a slot.</summary>
    internal long OffsetOf(long slot) => PayloadOffset + (slot * Geometry.BlockSize);

    /// <summary>The slot of a place in the file; null when it is the place of none.</summary>
    internal long? SlotOf(ulong fileOffset) =>
        fileOffset >= (ulong)PayloadOffset && fileOffset <= long.MaxValue && ((long)fileOffset - PayloadOffset) % Geometry.BlockSize == 0
            ? ((long)fileOffset - PayloadOffset) / Geometry.BlockSize
            : null;

    /// <summary>The two headers: the second is the current one.</summary>
    /// <param name="sequenceNumber">Which of them.</param>
    /// <param name="delta">Digest of the last delta, which gives the content another id; null: the image is as it was created.</param>
    internal VhdxHeader Header(ulong sequenceNumber, string? delta) =>
        new(sequenceNumber, Derive("file" + delta), Derive("data" + delta), Guid.Empty, 0, 1, (uint)MiB, (ulong)LogOffset);

    /// <summary>The region table.</summary>
    internal RegionTable Regions() => new(
    [
        new RegionTableEntry(RegionTableEntry.Bat, (ulong)BatOffset, (uint)BatLength, IsRequired: true),
        new RegionTableEntry(RegionTableEntry.Metadata, (ulong)MetadataOffset, (uint)MiB, IsRequired: true),
    ]);

    /// <summary>The metadata region's used part and its offset.</summary>
    internal (long Offset, byte[] Bytes) Metadata()
    {
        const uint DiskItem = MetadataTableEntry.IsVirtualDisk | MetadataTableEntry.IsRequired;
        var bytes = new byte[ItemsOffset + 64];
        var entries = new MetadataTableEntry[]
        {
            new(MetadataTableEntry.FileParameters, ItemsOffset, 8, MetadataTableEntry.IsRequired),
            new(MetadataTableEntry.VirtualDiskSize, ItemsOffset + 8, 8, DiskItem),
            new(MetadataTableEntry.VirtualDiskId, ItemsOffset + 16, 16, DiskItem),
            new(MetadataTableEntry.LogicalSectorSize, ItemsOffset + 32, 4, DiskItem),
            new(MetadataTableEntry.PhysicalSectorSize, ItemsOffset + 36, 4, DiskItem),
        };
        new MetadataTable(entries).Write(bytes);
        var items = bytes.AsSpan(ItemsOffset);
        new FileParameters((uint)Geometry.BlockSize, LeaveBlocksAllocated: IsFixed, HasParent: false).Write(items);
        BinaryPrimitives.WriteInt64LittleEndian(items[8..], Geometry.Capacity);
        DiskId.TryWriteBytes(items[16..]);
        BinaryPrimitives.WriteInt32LittleEndian(items[32..], Geometry.LogicalSectorSize);
        BinaryPrimitives.WriteInt32LittleEndian(items[36..], PhysicalSectorSize);
        return (MetadataOffset, bytes);
    }

    private Guid Derive(string role)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData([.. DiskId.ToByteArray(), .. System.Text.Encoding.ASCII.GetBytes(role)], digest);
        return new Guid(digest[..16]);
    }
}
