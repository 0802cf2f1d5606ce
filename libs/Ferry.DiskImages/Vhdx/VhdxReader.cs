using System.Runtime.CompilerServices;
using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Vhdx;

/// <summary>A dynamic or fixed VHDX disk without a parent.</summary>
internal sealed class VhdxReader : IDiskImageReader
{
    private readonly IByteSource _source;
    private readonly MetadataPages _bat;
    private readonly VhdxGeometry _geometry;
    private readonly long _batOffset;

    /// <summary>Creates the reader; it owns the source.</summary>
    internal VhdxReader(IByteSource source, VhdxMetadata metadata, VhdxGeometry geometry, long batOffset)
    {
        _source = source;
        _bat = new MetadataPages(source, new PageCache());
        _geometry = geometry;
        _batOffset = batOffset;
        Info = new DiskImageInfo
        {
            Format = DiskImageFormat.Vhdx,
            Variant = metadata.Parameters.LeaveBlocksAllocated ? "fixed" : "dynamic",
            Capacity = metadata.Capacity,
            LogicalSectorSize = metadata.LogicalSectorSize,
            PhysicalSectorSize = metadata.PhysicalSectorSize,
            BlockSize = geometry.BlockSize,
            Files = [source.Name],
            DiskId = metadata.DiskId,
        };
    }

    /// <inheritdoc/>
    public DiskImageInfo Info { get; }

    /// <inheritdoc/>
    public long Capacity => _geometry.Capacity;

    /// <inheritdoc/>
    public IReadOnlyList<SourcePin> Pins => [_source.Pin];

    /// <summary>Reads runs of blocks that stand side by side in the file at once.</summary>
    public async ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        SourceBounds.RequireWithinDisk(offset, buffer.Length, Capacity);
        while (!buffer.IsEmpty)
        {
            var block = offset / _geometry.BlockSize;
            var inBlock = offset % _geometry.BlockSize;
            var place = await LocateAsync(block, cancellationToken).ConfigureAwait(false);
            var count = Math.Min(buffer.Length, _geometry.BlockSize - inBlock);
            while (count < buffer.Length
                && await LocateAsync(++block, cancellationToken).ConfigureAwait(false) is var next
                && next.Kind == place.Kind
                && (next.Kind != ExtentKind.Data || next.FileOffset == place.FileOffset + inBlock + count))
            {
                count = Math.Min(buffer.Length, count + _geometry.BlockSize);
            }

            var part = buffer[..(int)count];
            if (place.Kind == ExtentKind.Data)
            {
                await _source.ReadAsync(place.FileOffset + inBlock, part, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                part.Span.Clear();
            }

            buffer = buffer[(int)count..];
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
    public ValueTask VerifyUnchangedAsync(CancellationToken cancellationToken = default) => _source.VerifyUnchangedAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async IAsyncEnumerable<DiskExtent> EnumerateAsync(long offset, long length, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var end = offset + length;
        while (offset < end)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var block = offset / _geometry.BlockSize;
            var (kind, fileOffset) = await LocateAsync(block, cancellationToken).ConfigureAwait(false);
            var stop = Math.Min(end, (block + 1) * _geometry.BlockSize);
            if (kind == ExtentKind.Data)
            {
                SourceBounds.Require(_source, fileOffset, Math.Min(_geometry.BlockSize, Capacity - (block * _geometry.BlockSize)), "block");
            }

            yield return new DiskExtent(offset, stop - offset, kind);
            offset = stop;
        }
    }

    private async ValueTask<(ExtentKind Kind, long FileOffset)> LocateAsync(long block, CancellationToken cancellationToken)
    {
        var position = _batOffset + (_geometry.EntryOf(block) * BatEntry.Size);
        var entry = new BatEntry(await _bat.ReadUInt64Async(position, cancellationToken).ConfigureAwait(false));
        switch (entry.State)
        {
            case BatState.FullyPresent:
                return entry.FileOffset is >= (ulong)VhdxGeometry.Alignment and <= long.MaxValue
                    ? (ExtentKind.Data, (long)entry.FileOffset)
                    : throw new InvalidDiskImageException(DiskImageErrors.Corrupt, $"Block {block} stands at an impossible place.", _source.Name, position);
            case BatState.Zero:
                return (ExtentKind.Zero, 0);
            case BatState.NotPresent or BatState.Undefined or BatState.Unmapped:
                return (ExtentKind.Unallocated, 0);
            default:
                throw new InvalidDiskImageException(DiskImageErrors.Corrupt, $"Block {block} is in the state {(int)entry.State}, which a disk without a parent cannot have.", _source.Name, position);
        }
    }
}
