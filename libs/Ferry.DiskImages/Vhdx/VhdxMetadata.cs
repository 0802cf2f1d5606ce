using System.Buffers.Binary;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Vhdx;

/// <summary>The known metadata items of a file (MS-VHDX 2.6.2), checked.</summary>
internal sealed record VhdxMetadata(FileParameters Parameters, long Capacity, Guid DiskId, int LogicalSectorSize, int PhysicalSectorSize, ParentLocator? Parent)
{
    private const long MaximumCapacity = 64L << 40;
    private const int MaximumItemSize = 1 << 20;

    /// <summary>Reads and checks the metadata region.</summary>
    internal static async ValueTask<VhdxMetadata> ReadAsync(IByteSource source, RegionTableEntry region, CancellationToken cancellationToken)
    {
        var table = new byte[MetadataTable.Size];
        if (region.Length < table.Length)
        {
            throw Corrupt("The metadata region is too small.", source, (long)region.FileOffset);
        }

        await source.ReadAsync((long)region.FileOffset, table, cancellationToken).ConfigureAwait(false);
        if (!MetadataTable.IsValid(table))
        {
            throw Corrupt("The metadata table is damaged.", source, (long)region.FileOffset);
        }

        var items = new Dictionary<Guid, byte[]>();
        foreach (var entry in MetadataTable.Read(table).Entries)
        {
            if (IsKnown(entry.Id) && (entry.Flags & MetadataTableEntry.IsUser) == 0)
            {
                items.TryAdd(entry.Id, await ReadItemAsync(source, region, entry, cancellationToken).ConfigureAwait(false));
            }
            else if ((entry.Flags & MetadataTableEntry.IsRequired) != 0)
            {
                throw new UnsupportedDiskImageException(
                    DiskImageErrors.UnsupportedVariant, $"The file needs the unknown metadata item {entry.Id}.", source.Name, (long)region.FileOffset);
            }
        }

        return Parse(items, source, (long)region.FileOffset);
    }

    private static VhdxMetadata Parse(Dictionary<Guid, byte[]> items, IByteSource source, long position)
    {
        byte[] Item(Guid id, int size) => items.TryGetValue(id, out var bytes) && bytes.Length >= size
            ? bytes
            : throw Corrupt($"The metadata item {id} is missing or too short.", source, position);

        var parameters = FileParameters.Read(Item(MetadataTableEntry.FileParameters, FileParameters.Size));
        var capacity = BinaryPrimitives.ReadUInt64LittleEndian(Item(MetadataTableEntry.VirtualDiskSize, sizeof(ulong)));
        var logical = BinaryPrimitives.ReadUInt32LittleEndian(Item(MetadataTableEntry.LogicalSectorSize, sizeof(uint)));
        var physical = BinaryPrimitives.ReadUInt32LittleEndian(Item(MetadataTableEntry.PhysicalSectorSize, sizeof(uint)));
        var diskId = new Guid(Item(MetadataTableEntry.VirtualDiskId, 16).AsSpan(0, 16));
        if (!FileParameters.IsAllowed(parameters.BlockSize))
        {
            throw Corrupt($"A block of {parameters.BlockSize} bytes is not allowed.", source, position);
        }

        if (logical is not 512 and not 4096 || physical is not 512 and not 4096)
        {
            throw Corrupt($"Sectors of {logical} and {physical} bytes are not allowed.", source, position);
        }

        if (capacity is 0 or > MaximumCapacity || capacity % logical != 0)
        {
            throw Corrupt($"A disk of {capacity} bytes is not allowed.", source, position);
        }

        var parent = items.TryGetValue(MetadataTableEntry.ParentLocator, out var locator) && parameters.HasParent ? ParentLocator.TryRead(locator) : null;
        return parameters.HasParent && parent is null
            ? throw Corrupt("The image holds only the changes to its parent, but does not say which that is.", source, position)
            : new VhdxMetadata(parameters, (long)capacity, diskId, (int)logical, (int)physical, parent);
    }

    private static async ValueTask<byte[]> ReadItemAsync(
        IByteSource source, RegionTableEntry region, MetadataTableEntry entry, CancellationToken cancellationToken)
    {
        if (entry.Length is 0 or > MaximumItemSize || entry.Offset < MetadataTable.Size || entry.Offset > region.Length - (long)entry.Length)
        {
            throw Corrupt($"The metadata item {entry.Id} does not lie within its region.", source, (long)region.FileOffset);
        }

        var bytes = new byte[entry.Length];
        await source.ReadAsync((long)region.FileOffset + entry.Offset, bytes, cancellationToken).ConfigureAwait(false);
        return bytes;
    }

    private static bool IsKnown(Guid id) =>
        id == MetadataTableEntry.FileParameters
        || id == MetadataTableEntry.VirtualDiskSize
        || id == MetadataTableEntry.VirtualDiskId
        || id == MetadataTableEntry.LogicalSectorSize
        || id == MetadataTableEntry.PhysicalSectorSize
        || id == MetadataTableEntry.ParentLocator;

    private static InvalidDiskImageException Corrupt(string message, IByteSource source, long position) =>
        new(DiskImageErrors.Corrupt, message, source.Name, position);
}
