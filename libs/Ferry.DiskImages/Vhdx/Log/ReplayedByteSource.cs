using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Vhdx.Log;

/// <summary>A file with the changes of its log over it. The changes are made before the first read and never after.</summary>
internal sealed class ReplayedByteSource(IByteSource source, long length) : IByteSource
{
    private const int SectorSize = LogEntryHeader.SectorSize;
    private const int MaximumZeroedRanges = 16384;

    /// <summary>The last change of each sector; a cleared range is kept as a range, however long it is.</summary>
    private readonly Dictionary<long, (int Order, byte[] Bytes)> _sectors = [];
    private readonly List<(int Order, DiskRange Range)> _zeroed = [];
    private int _order;

    /// <inheritdoc/>
    public string Name => source.Name;

    /// <inheritdoc/>
    public long Length { get; } = length;

    /// <inheritdoc/>
    public SourcePin Pin => source.Pin;

    /// <summary>Puts a sector over the file.</summary>
    internal void Replace(long offset, byte[] sector) => _sectors[offset] = (_order++, sector);

    /// <summary>Clears a range of the file.</summary>
    internal void Clear(long offset, long count)
    {
        if (_zeroed.Count == MaximumZeroedRanges)
        {
            throw new UnsupportedDiskImageException(DiskImageErrors.UnsupportedVariant, "The log clears more ranges than are replayed in memory.", Name);
        }

        if (count > 0)
        {
            _zeroed.Add((_order++, new DiskRange(offset, count)));
        }
    }

    /// <inheritdoc/>
    public async ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (offset < 0 || offset > Length - buffer.Length)
        {
            throw new InvalidDiskImageException(DiskImageErrors.Truncated, $"The file ends at byte {Length}, {buffer.Length} bytes were expected here.", Name, offset);
        }

        var inFile = (int)Math.Clamp(source.Length - offset, 0, buffer.Length);
        if (inFile > 0)
        {
            await source.ReadAsync(offset, buffer[..inFile], cancellationToken).ConfigureAwait(false);
        }

        buffer.Span[inFile..].Clear();
        Overlay(offset, buffer.Span);
    }

    /// <summary>The replayed file is not asked for holes.</summary>
    public IAsyncEnumerable<DiskExtent> GetExtentsAsync(long offset, long length, CancellationToken cancellationToken = default) =>
        (length == 0 ? Array.Empty<DiskExtent>() : [new DiskExtent(offset, length, ExtentKind.Data)]).ToAsyncEnumerable();

    /// <inheritdoc/>
    public ValueTask VerifyUnchangedAsync(CancellationToken cancellationToken = default) => source.VerifyUnchangedAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => source.DisposeAsync();

    private void Overlay(long offset, Span<byte> buffer)
    {
        var end = offset + buffer.Length;
        foreach (var (_, range) in _zeroed)
        {
            var from = Math.Max(range.Offset, offset);
            var to = Math.Min(range.End, end);
            if (from < to)
            {
                buffer[(int)(from - offset)..(int)(to - offset)].Clear();
            }
        }

        for (var sector = offset / SectorSize * SectorSize; sector < end; sector += SectorSize)
        {
            if (_sectors.TryGetValue(sector, out var change) && !IsClearedLater(sector, change.Order))
            {
                var from = Math.Max(sector, offset);
                var to = Math.Min(sector + SectorSize, end);
                change.Bytes.AsSpan((int)(from - sector), (int)(to - from)).CopyTo(buffer[(int)(from - offset)..]);
            }
        }
    }

    private bool IsClearedLater(long sector, int order)
    {
        foreach (var (later, range) in _zeroed)
        {
            if (later > order && range.Offset <= sector && sector < range.End)
            {
                return true;
            }
        }

        return false;
    }
}
