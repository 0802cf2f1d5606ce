using System.Runtime.CompilerServices;
using Ferry.DiskImages.Checking;
using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Vdi;

/// <summary>
/// A dynamic or fixed VDI disk. Entries of the map that lead out of the file, or past the disk's number of blocks, are errors; two entries that lead to the
/// same place are read as they stand, as QEMU does.
/// </summary>
internal sealed class VdiReader : IDiskImageReader, IDiskImageStructure
{
    /// <summary>Longest run that is looked for at once, so that a long search can be stopped.</summary>
    private const long LongestRun = 1L << 36;

    private readonly IByteSource _source;
    private readonly VdiDisk _disk;
    private readonly MetadataPages _map;

    /// <summary>Creates the reader; it owns the source.</summary>
    internal VdiReader(IByteSource source, VdiDisk disk, string? contentId)
    {
        _source = source;
        _disk = disk;
        _map = new MetadataPages(source, new PageCache());

        // "VBoxManage convertfromraw" makes disks of any size; the last sector is whole in the last block.
        Capacity = checked((long)((disk.Capacity + SourceBounds.Sector - 1) / SourceBounds.Sector) * SourceBounds.Sector);
        Info = new DiskImageInfo
        {
            Format = DiskImageFormat.Vdi,
            Variant = disk.Type == VdiImageType.Fixed ? "fixed" : "dynamic",
            Capacity = Capacity,
            BlockSize = disk.BlockSize,
            Files = [source.Name],
            DiskId = disk.ImageId == Guid.Empty ? null : disk.ImageId,
            ContentId = contentId,
            Properties = Describe(disk),
        };
    }

    /// <inheritdoc/>
    public DiskImageInfo Info { get; }

    /// <inheritdoc/>
    public long Capacity { get; }

    /// <inheritdoc/>
    public IReadOnlyList<SourcePin> Pins => [_source.Pin];

    /// <inheritdoc/>
    public IReadOnlyList<IByteSource> OwnFiles => [_source];

    /// <inheritdoc/>
    public long LeakUnit => _disk.BlockSize;

    /// <summary>Reads runs of blocks that stand side by side in the file at once.</summary>
    public async ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        SourceBounds.RequireWithinDisk(offset, buffer.Length, Capacity);
        while (!buffer.IsEmpty)
        {
            var (kind, fileOffset, count) = await FindRunAsync(offset, buffer.Length, cancellationToken).ConfigureAwait(false);
            var part = buffer[..(int)count];
            if (kind == ExtentKind.Data)
            {
                await _source.ReadAsync(fileOffset, part, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                part.Span.Clear();
            }

            buffer = buffer[part.Length..];
            offset += count;
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<DiskExtent> GetExtentsAsync(long offset, long length, CancellationToken cancellationToken = default)
    {
        SourceBounds.RequireWithinDisk(offset, length, Capacity);
        return EnumerateAsync(offset, length, cancellationToken).MergeAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<UsedRange> GetUsedRangesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new UsedRange(0, 0, _disk.HeaderEnd, "header", SharesSectors: true);
        yield return new UsedRange(0, _disk.MapOffset, _disk.MapLength, "block map", SharesSectors: true);
        for (long block = 0; block < (Capacity + _disk.BlockSize - 1) / _disk.BlockSize; block++)
        {
            var (kind, offset) = await LocateAsync(block, cancellationToken).ConfigureAwait(false);
            if (kind == ExtentKind.Data)
            {
                var range = UsedRange.Block(offset, _disk.BlockSize, Capacity - (block * _disk.BlockSize), _source.Length, block);
                yield return range with { SharesSectors = _disk.DataOffset % SourceBounds.Sector != 0 };
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask VerifyUnchangedAsync(CancellationToken cancellationToken = default) => _source.VerifyUnchangedAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static Dictionary<string, string> Describe(VdiDisk disk)
    {
        var properties = new Dictionary<string, string>
        {
            ["version"] = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{disk.Version >> 16}.{disk.Version & 0xffff}"),
            ["creator"] = disk.Creator.Trim('<', '>', ' ', '\n'),
        };
        if (disk.Comment.Length > 0)
        {
            properties["comment"] = disk.Comment;
        }

        return properties;
    }

    private async IAsyncEnumerable<DiskExtent> EnumerateAsync(long offset, long length, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var end = offset + length;
        while (offset < end)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (kind, fileOffset, count) = await FindRunAsync(offset, Math.Min(end - offset, LongestRun), cancellationToken).ConfigureAwait(false);
            if (kind == ExtentKind.Data && _disk.Type == VdiImageType.Fixed)
            {
                // All blocks of a fixed image have a place; where nothing was written, the file often has a hole.
                await foreach (var part in _source.GetExtentsAsync(fileOffset, count, cancellationToken).ConfigureAwait(false))
                {
                    yield return part with { Offset = part.Offset - fileOffset + offset };
                }
            }
            else
            {
                yield return new DiskExtent(offset, count, kind);
            }

            offset += count;
        }
    }

    /// <summary>The longest range from an offset on whose blocks are of one kind and, when they hold data, stand side by side in the file.</summary>
    private async ValueTask<(ExtentKind Kind, long FileOffset, long Length)> FindRunAsync(long offset, long most, CancellationToken cancellationToken)
    {
        var block = offset / _disk.BlockSize;
        var inBlock = offset % _disk.BlockSize;
        var (kind, start) = await LocateAsync(block, cancellationToken).ConfigureAwait(false);
        var length = Math.Min(most, _disk.BlockSize - inBlock);
        while (length < most)
        {
            var next = await LocateAsync(++block, cancellationToken).ConfigureAwait(false);
            if (next.Kind != kind || (kind == ExtentKind.Data && next.FileOffset != start + inBlock + length))
            {
                break;
            }

            length = Math.Min(most, length + _disk.BlockSize);
        }

        return (kind, start + inBlock, length);
    }

    private async ValueTask<(ExtentKind Kind, long FileOffset)> LocateAsync(long block, CancellationToken cancellationToken)
    {
        var position = _disk.MapOffset + (block * VdiBlockPointer.Size);
        var entry = new VdiBlockPointer(await _map.ReadUInt32Async(position, cancellationToken).ConfigureAwait(false));
        if (entry.Kind != ExtentKind.Data)
        {
            return (entry.Kind, 0);
        }

        if (entry.Value >= _disk.BlockCount)
        {
            throw new InvalidDiskImageException(
                DiskImageErrors.Corrupt, $"Block {block} stands at place {entry.Value}; a disk of {_disk.BlockCount} blocks has no such place.", _source.Name, position);
        }

        var offset = _disk.OffsetOf(entry.Value);
        SourceBounds.Require(_source, offset, Math.Min(_disk.BlockSize, Capacity - (block * _disk.BlockSize)), "block");
        return (ExtentKind.Data, offset);
    }
}
