using System.Runtime.CompilerServices;
using Ferry.DiskImages.Checking;
using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Opening;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Vhd;

/// <summary>A dynamic or differencing VHD disk.</summary>
internal sealed class DynamicVhdReader : IDiskImageReader, IDiskImageStructure
{
    private const int SectorSize = 512;

    private readonly IByteSource _source;
    private readonly VhdBlocks _blocks;
    private readonly SectorBitmaps? _bitmaps;
    private readonly ParentDisk _parent;

    /// <summary>Creates the reader; it owns source and parent.</summary>
    /// <param name="source">The file.</param>
    /// <param name="info">What was found of the image itself.</param>
    /// <param name="blocks">Its blocks.</param>
    /// <param name="useBitmaps">Whether the sector bitmaps say which sectors are the image's own; else all sectors of its blocks are.</param>
    /// <param name="parent">What lies below.</param>
    internal DynamicVhdReader(IByteSource source, DiskImageInfo info, VhdBlocks blocks, bool useBitmaps, ParentDisk parent)
    {
        _source = source;
        _blocks = blocks;
        _bitmaps = useBitmaps ? new SectorBitmaps(source) : null;
        _parent = parent;
        Info = info with { BlockSize = blocks.BlockSize, Parent = parent.Info, Files = [source.Name, .. parent.Info?.Files ?? []] };
    }

    /// <inheritdoc/>
    public DiskImageInfo Info { get; }

    /// <inheritdoc/>
    public long Capacity => Info.Capacity;

    /// <inheritdoc/>
    public IReadOnlyList<SourcePin> Pins => [_source.Pin, .. _parent.Pins];

    /// <inheritdoc/>
    public IReadOnlyList<IByteSource> OwnFiles => [_source];

    /// <inheritdoc/>
    public long LeakUnit => _blocks.BlockSize;

    /// <inheritdoc/>
    public async ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        SourceBounds.RequireWithinDisk(offset, buffer.Length, Capacity);
        while (!buffer.IsEmpty)
        {
            var run = await FindRunAsync(offset, buffer.Length, cancellationToken).ConfigureAwait(false);
            var part = buffer[..(int)run.Length];
            if (run.IsOwn)
            {
                await _source.ReadAsync(run.FileOffset, part, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await _parent.ReadAsync(offset, part, cancellationToken).ConfigureAwait(false);
            }

            buffer = buffer[part.Length..];
            offset += part.Length;
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<DiskExtent> GetExtentsAsync(long offset, long length, CancellationToken cancellationToken = default)
    {
        SourceBounds.RequireWithinDisk(offset, length, Capacity);
        return EnumerateAsync(offset, length, cancellationToken).MergeAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<UsedRange> GetUsedRangesAsync(CancellationToken cancellationToken) => _blocks.GetUsedRangesAsync(Capacity, cancellationToken);

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
        var end = offset + length;
        while (offset < end)
        {
            var run = await FindRunAsync(offset, end - offset, cancellationToken).ConfigureAwait(false);
            if (run.IsOwn)
            {
                SourceBounds.Require(_source, run.FileOffset, run.Length, "block");
                yield return new DiskExtent(offset, run.Length, ExtentKind.Data);
            }
            else
            {
                await foreach (var extent in _parent.GetExtentsAsync(offset, run.Length, cancellationToken).ConfigureAwait(false))
                {
                    yield return extent;
                }
            }

            offset += run.Length;
        }
    }

    /// <summary>The longest run from an offset on.</summary>
    private async ValueTask<VhdRun> FindRunAsync(long offset, long limit, CancellationToken cancellationToken)
    {
        var run = await FindPartAsync(offset, limit, cancellationToken).ConfigureAwait(false);
        while (run.Length < limit
            && await FindPartAsync(offset + run.Length, limit - run.Length, cancellationToken).ConfigureAwait(false) is var next
            && run.IsFollowedBy(next))
        {
            cancellationToken.ThrowIfCancellationRequested();
            run = run with { Length = run.Length + next.Length };
        }

        return run;
    }

    /// <summary>A run from an offset on, within one block and one page of its bitmap.</summary>
    private async ValueTask<VhdRun> FindPartAsync(long offset, long limit, CancellationToken cancellationToken)
    {
        var inBlock = offset % _blocks.BlockSize;
        var length = Math.Min(limit, _blocks.BlockSize - inBlock);
        var bitmap = await _blocks.LocateAsync(offset / _blocks.BlockSize, cancellationToken).ConfigureAwait(false);
        if (bitmap < 0)
        {
            return new VhdRun(-1, length);
        }

        var own = true;
        if (_bitmaps is not null)
        {
            var inSector = inBlock % SectorSize;
            (own, var sectors) = await _bitmaps.FindRunAsync(
                bitmap, inBlock / SectorSize, (inSector + length + SectorSize - 1) / SectorSize, cancellationToken).ConfigureAwait(false);
            length = Math.Min(length, ((long)sectors * SectorSize) - inSector);
        }

        return new VhdRun(own ? bitmap + _blocks.BitmapSize + inBlock : -1, length);
    }
}
