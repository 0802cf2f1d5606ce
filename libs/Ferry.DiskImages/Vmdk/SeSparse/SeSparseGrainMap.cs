using System.Runtime.CompilerServices;
using Ferry.DiskImages.Checking;
using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Vmdk.SeSparse;

/// <summary>Grain directory and grain tables of an seSparse extent.</summary>
internal sealed class SeSparseGrainMap : IGrainMap
{
    private readonly MetadataPages _pages;
    private readonly IByteSource _source;
    private readonly long _directory;
    private readonly long _tables;
    private readonly long _tablesLength;
    private readonly long _grains;
    private readonly long _tableBytes;
    private readonly long _tableEntries;

    /// <summary>Checks the places of the tables against the file; no table is read yet.</summary>
    internal SeSparseGrainMap(IByteSource source, SeSparseHeader header, PageCache cache)
    {
        _source = source;
        _pages = new MetadataPages(source, cache);
        GrainBytes = (long)header.GrainSize * SourceBounds.Sector;
        _tableBytes = (long)header.TableSize * SourceBounds.Sector;
        _tableEntries = _tableBytes / SeSparseGrainEntry.Size;
        var capacity = SourceBounds.SectorsToBytes(header.Capacity, "capacity", source);
        GrainCount = (capacity / GrainBytes) + (capacity % GrainBytes == 0 ? 0 : 1);
        _directory = SourceBounds.SectorsToBytes(header.DirectoryOffset, "grain directory offset", source);
        _tables = SourceBounds.SectorsToBytes(header.TablesOffset, "grain tables offset", source);
        _tablesLength = SourceBounds.SectorsToBytes(header.TablesSize, "grain tables", source);
        _grains = SourceBounds.SectorsToBytes(header.GrainsOffset, "grains offset", source);
        var needed = ((GrainCount / _tableEntries) + (GrainCount % _tableEntries == 0 ? 0 : 1)) * SeSparseDirectoryEntry.Size;
        if (needed > SourceBounds.SectorsToBytes(header.DirectorySize, "grain directory", source))
        {
            throw new InvalidDiskImageException(DiskImageErrors.Corrupt, "The grain directory is too small for the extent.", source.Name, _directory);
        }

        SourceBounds.Require(source, _directory, needed, "grain directory");
    }

    /// <inheritdoc/>
    public long GrainBytes { get; }

    /// <inheritdoc/>
    public long GrainCount { get; }

    /// <summary>Tables and grains have areas of their own, which may have room left.</summary>
    public bool IsCompact => false;

    /// <inheritdoc/>
    public async IAsyncEnumerable<UsedRange> GetTableRangesAsync(int file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new UsedRange(file, 0, SeSparseHeader.Size, "header");
        var tables = (GrainCount / _tableEntries) + (GrainCount % _tableEntries == 0 ? 0 : 1);
        yield return new UsedRange(file, _directory, tables * SeSparseDirectoryEntry.Size, "grain directory");
        for (long table = 0; table < tables; table++)
        {
            var entry = await ReadDirectoryAsync(table * _tableEntries, cancellationToken).ConfigureAwait(false);
            if (!entry.IsEmpty)
            {
                yield return new UsedRange(file, TableEntryOffset(entry, table * _tableEntries), _tableBytes, "grain table", table);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<GrainPlace> LocateAsync(long grain, CancellationToken cancellationToken)
    {
        var directory = await ReadDirectoryAsync(grain, cancellationToken).ConfigureAwait(false);
        if (directory.IsEmpty)
        {
            return GrainPlace.Absent;
        }

        var position = TableEntryOffset(directory, grain);
        var entry = new SeSparseGrainEntry(await _pages.ReadUInt64Async(position, cancellationToken).ConfigureAwait(false));
        return entry.Kind switch
        {
            ExtentKind.Unallocated => GrainPlace.Absent,
            ExtentKind.Zero => GrainPlace.Zero,
            ExtentKind.Data => new GrainPlace(GrainOffset(entry.Grain)),
            _ => throw new InvalidDiskImageException(DiskImageErrors.Corrupt, $"The entry {entry.Value:x16} of grain {grain} is impossible.", _source.Name, position),
        };
    }

    /// <inheritdoc/>
    public async ValueTask<long?> SkipMissingTableAsync(long grain, CancellationToken cancellationToken)
    {
        var directory = await ReadDirectoryAsync(grain, cancellationToken).ConfigureAwait(false);
        return directory.IsEmpty ? Math.Min(GrainCount, ((grain / _tableEntries) + 1) * _tableEntries) : null;
    }

    private async ValueTask<SeSparseDirectoryEntry> ReadDirectoryAsync(long grain, CancellationToken cancellationToken) =>
        new(await _pages.ReadUInt64Async(DirectoryEntryOffset(grain), cancellationToken).ConfigureAwait(false));

    private long DirectoryEntryOffset(long grain) => _directory + (grain / _tableEntries * SeSparseDirectoryEntry.Size);

    private long TableEntryOffset(SeSparseDirectoryEntry directory, long grain)
    {
        if (directory.Table is not { } table || table >= _tablesLength / _tableBytes)
        {
            throw new InvalidDiskImageException(
                DiskImageErrors.Corrupt, $"The directory entry {directory.Value:x16} is impossible.", _source.Name, DirectoryEntryOffset(grain));
        }

        return Offset(_tables, table, _tableBytes) + (grain % _tableEntries * SeSparseGrainEntry.Size);
    }

    private long GrainOffset(ulong grain) => Offset(_grains, grain, GrainBytes);

    /// <summary>Offset of an item of an area; what no file can have is far behind the end of any.</summary>
    private static long Offset(long area, ulong index, long size) => (long)Int128.Min(1L << 62, area + ((Int128)index * size));
}
