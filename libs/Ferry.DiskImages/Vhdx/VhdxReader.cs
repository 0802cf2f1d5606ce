using System.Runtime.CompilerServices;
using Ferry.DiskImages.Checking;
using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Opening;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Vhdx;

/// <summary>A dynamic, fixed or differencing VHDX disk.</summary>
internal sealed class VhdxReader : IDiskImageReader, IDiskImageStructure
{
    private readonly IByteSource _source;
    private readonly ParentDisk _parent;
    private readonly BlockTable _table;
    private readonly VhdxGeometry _geometry;
    private readonly IReadOnlyList<UsedRange> _regions;

    /// <summary>Creates the reader; it owns source and parent.</summary>
    internal VhdxReader(IByteSource source, ParentDisk parent, BlockTable table, VhdxGeometry geometry, IReadOnlyList<UsedRange> regions, DiskImageInfo info, Guid dataWriteId)
    {
        _source = source;
        _parent = parent;
        _table = table;
        _geometry = geometry;
        _regions = regions;
        Info = info;
        DataWriteId = dataWriteId;
    }

    /// <inheritdoc/>
    public DiskImageInfo Info { get; }

    /// <inheritdoc/>
    public long Capacity => _geometry.Capacity;

    /// <inheritdoc/>
    public IReadOnlyList<SourcePin> Pins => [_source.Pin, .. _parent.Pins];

    /// <summary>Identity of the disk's content, by which children know their parent.</summary>
    internal Guid DataWriteId { get; }

    /// <inheritdoc/>
    public IReadOnlyList<IByteSource> OwnFiles => [_source];

    /// <inheritdoc/>
    public long LeakUnit => VhdxGeometry.Alignment;

    /// <summary>Reads runs of blocks that stand side by side in the file at once.</summary>
    public async ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        SourceBounds.RequireWithinDisk(offset, buffer.Length, Capacity);
        while (!buffer.IsEmpty)
        {
            var (place, end) = await FindRunAsync(offset, offset + buffer.Length, cancellationToken).ConfigureAwait(false);
            var part = buffer[..(int)(end - offset)];
            switch (place.Content)
            {
                case BlockContent.File:
                    await _source.ReadAsync(place.FileOffset, part, cancellationToken).ConfigureAwait(false);
                    break;
                case BlockContent.Parent:
                    await _parent.ReadAsync(offset, part, cancellationToken).ConfigureAwait(false);
                    break;
                default:
                    part.Span.Clear();
                    break;
            }

            buffer = buffer[part.Length..];
            offset = end;
        }
    }

    /// <summary>What the file system says is a hole of the file is a zero extent.</summary>
    public IAsyncEnumerable<DiskExtent> GetExtentsAsync(long offset, long length, CancellationToken cancellationToken = default)
    {
        SourceBounds.RequireWithinDisk(offset, length, Capacity);
        return EnumerateAsync(offset, length, cancellationToken).MergeAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<UsedRange> GetUsedRangesAsync(CancellationToken cancellationToken) => _regions.ToAsyncEnumerable().Concat(_table.GetUsedRangesAsync(cancellationToken));

    /// <inheritdoc/>
    public async ValueTask VerifyUnchangedAsync(CancellationToken cancellationToken = default)
    {
        await _source.VerifyUnchangedAsync(cancellationToken).ConfigureAwait(false);
        await _parent.VerifyUnchangedAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync().ConfigureAwait(false);
        await _parent.DisposeAsync().ConfigureAwait(false);
    }

    private async IAsyncEnumerable<DiskExtent> EnumerateAsync(long offset, long length, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var stop = offset + length;
        while (offset < stop)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (place, end) = await FindRunAsync(offset, stop, cancellationToken).ConfigureAwait(false);
            switch (place.Content)
            {
                case BlockContent.File:
                    SourceBounds.Require(_source, place.FileOffset, end - offset, "block");
                    await foreach (var extent in _source.GetExtentsAsync(place.FileOffset, end - offset, cancellationToken).ConfigureAwait(false))
                    {
                        yield return extent with { Offset = extent.Offset - place.FileOffset + offset };
                    }

                    break;
                case BlockContent.Parent:
                    await foreach (var extent in _parent.GetExtentsAsync(offset, end - offset, cancellationToken).ConfigureAwait(false))
                    {
                        yield return extent;
                    }

                    break;
                default:
                    yield return new DiskExtent(offset, end - offset, place.Content == BlockContent.Zero ? ExtentKind.Zero : ExtentKind.Unallocated);
                    break;
            }

            offset = end;
        }
    }

    /// <summary>The longest run from an offset on, up to <paramref name="stop"/>, that can be handled at once: it is <see cref="BlockContent.Mixed"/> never, and <see cref="BlockPlace.FileOffset"/> is that of its first byte.</summary>
    private async ValueTask<(BlockPlace Place, long End)> FindRunAsync(long offset, long stop, CancellationToken cancellationToken)
    {
        var block = offset / _geometry.BlockSize;
        var inBlock = offset % _geometry.BlockSize;
        var place = await _table.LocateAsync(block, cancellationToken).ConfigureAwait(false);
        var end = Math.Min(stop, (block + 1) * _geometry.BlockSize);
        if (place.Content == BlockContent.Mixed)
        {
            (var isHere, end) = await _table.FindRunAsync(offset, end, cancellationToken).ConfigureAwait(false);
            return (new BlockPlace(isHere ? BlockContent.File : BlockContent.Parent, place.FileOffset + inBlock), end);
        }

        var expected = place;
        while (end < stop)
        {
            expected = expected.Content == BlockContent.File ? expected with { FileOffset = expected.FileOffset + _geometry.BlockSize } : expected;
            if (await _table.LocateAsync(++block, cancellationToken).ConfigureAwait(false) != expected)
            {
                break;
            }

            end = Math.Min(stop, end + _geometry.BlockSize);
        }

        return (place with { FileOffset = place.FileOffset + inBlock }, end);
    }
}
