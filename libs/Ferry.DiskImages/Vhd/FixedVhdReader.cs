using Ferry.DiskImages.Checking;
using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Vhd;

/// <summary>A fixed VHD disk: byte n of the file is byte n of the disk, the footer stands behind. Holes of the file are zero extents.</summary>
internal sealed class FixedVhdReader : IDiskImageReader, IDiskImageStructure
{
    private readonly IByteSource _source;

    /// <summary>Creates the reader; it owns the source.</summary>
    internal FixedVhdReader(IByteSource source, DiskImageInfo info)
    {
        _source = source;
        Info = info;
    }

    /// <inheritdoc/>
    public DiskImageInfo Info { get; }

    /// <inheritdoc/>
    public long Capacity => Info.Capacity;

    /// <inheritdoc/>
    public IReadOnlyList<SourcePin> Pins => [_source.Pin];

    /// <inheritdoc/>
    public IReadOnlyList<IByteSource> OwnFiles => [_source];

    /// <inheritdoc/>
    public long LeakUnit => VhdFooter.Size;

    /// <inheritdoc/>
    public ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        SourceBounds.RequireWithinDisk(offset, buffer.Length, Capacity);
        return _source.ReadAsync(offset, buffer, cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<DiskExtent> GetExtentsAsync(long offset, long length, CancellationToken cancellationToken = default)
    {
        SourceBounds.RequireWithinDisk(offset, length, Capacity);
        return _source.GetExtentsAsync(offset, length, cancellationToken).MergeAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<UsedRange> GetUsedRangesAsync(CancellationToken cancellationToken) =>
        new[] { new UsedRange(0, 0, Capacity, "data"), VhdBlocks.FooterAtEnd(_source) }.ToAsyncEnumerable();

    /// <inheritdoc/>
    public ValueTask VerifyUnchangedAsync(CancellationToken cancellationToken = default) => _source.VerifyUnchangedAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
