using System.Runtime.CompilerServices;
using Ferry.DiskImages.Checking;
using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Vmdk;

/// <summary>
/// Grain directory and grain tables of 32-bit entries ("VMware Virtual Disk Format 5.0", sections "Grain Directories and Grain Tables" and "ESX Server
/// Sparse Extents"): a directory entry is the sector of a grain table, a table entry the sector of a grain; 0 means that there is none. Where the primary
/// directory, one of its tables or an entry leads out of the file, or the directory has no table where the redundant one has, the redundant copy counts.
/// </summary>
internal sealed class GrainDirectory : IGrainMap
{
    private const uint NoTable = 0;
    internal const uint NotAllocated = 0;
    private const uint Zeroed = 1;

    private readonly MetadataPages _pages;
    private readonly IByteSource _source;
    private readonly GrainDirectoryLayout _layout;
    private readonly long _primary;
    private readonly long? _redundant;

    /// <summary>Checks the directories against the file; no table is read yet.</summary>
    internal GrainDirectory(IByteSource source, GrainDirectoryLayout layout, PageCache cache)
    {
        _source = source;
        _layout = layout;
        GrainCount = layout.GrainCount;
        _pages = new MetadataPages(source, cache);
        var length = checked(layout.TableCount * sizeof(uint));
        var redundant = layout.RedundantOffset is { } second && IsInside(second, length) ? layout.RedundantOffset : null;
        if (IsInside(layout.DirectoryOffset, length))
        {
            _primary = layout.DirectoryOffset;
            _redundant = redundant;
        }
        else if (redundant is not null)
        {
            _primary = redundant.Value;
            UsesRedundantDirectory = true;
        }
        else
        {
            throw new InvalidDiskImageException(
                DiskImageErrors.Truncated, $"The grain directory ({length} bytes) does not lie within the file, which ends at byte {source.Length}.", source.Name, layout.DirectoryOffset);
        }
    }

    /// <inheritdoc/>
    public long GrainBytes => _layout.GrainBytes;

    /// <inheritdoc/>
    public long GrainCount { get; }

    /// <inheritdoc/>
    public bool UsesRedundantDirectory { get; }

    /// <inheritdoc/>
    public async IAsyncEnumerable<UsedRange> GetTableRangesAsync(int file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var header in _layout.Headers)
        {
            yield return new UsedRange(file, header.Offset, header.Length, "header or descriptor");
        }

        long?[] directories = _redundant is null ? [_primary] : [_primary, _redundant];
        foreach (var directory in directories.OfType<long>())
        {
            var name = directory == _layout.RedundantOffset ? "redundant grain" : "grain";
            yield return new UsedRange(file, directory, _layout.TableCount * sizeof(uint), $"{name} directory");
            for (long table = 0; table < _layout.TableCount; table++)
            {
                var sector = await _pages.ReadUInt32Async(directory + (table * sizeof(uint)), cancellationToken).ConfigureAwait(false);
                if (sector != NoTable)
                {
                    yield return new UsedRange(file, (long)sector * SourceBounds.Sector, _layout.TableEntries * sizeof(uint), $"{name} table", table);
                }
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<GrainPlace> LocateAsync(long grain, CancellationToken cancellationToken)
    {
        var table = await _pages.ReadUInt32Async(DirectoryEntry(_primary, grain), cancellationToken).ConfigureAwait(false);
        if (_redundant is not null && (table == NoTable || !IsInside(TableEntry(table, grain), sizeof(uint))))
        {
            return await LocateRedundantAsync(grain, table, cancellationToken).ConfigureAwait(false);
        }

        if (table == NoTable)
        {
            return GrainPlace.Absent;
        }

        var place = PlaceOf(await _pages.ReadUInt32Async(TableEntry(table, grain), cancellationToken).ConfigureAwait(false));
        return _redundant is null || !place.IsStored || place.Offset < _source.Length
            ? place
            : await LocateRedundantAsync(grain, table, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<long?> SkipMissingTableAsync(long grain, CancellationToken cancellationToken)
    {
        var table = await _pages.ReadUInt32Async(DirectoryEntry(_primary, grain), cancellationToken).ConfigureAwait(false);
        if (table == NoTable && _redundant is { } redundant)
        {
            table = await _pages.ReadUInt32Async(DirectoryEntry(redundant, grain), cancellationToken).ConfigureAwait(false);
        }

        return table == NoTable ? Math.Min(GrainCount, ((grain / _layout.TableEntries) + 1) * _layout.TableEntries) : null;
    }

    /// <summary>What the redundant directory says; where that is damaged too, the error is that of the primary one.</summary>
    private async ValueTask<GrainPlace> LocateRedundantAsync(long grain, uint primaryTable, CancellationToken cancellationToken)
    {
        var table = await _pages.ReadUInt32Async(DirectoryEntry(_redundant!.Value, grain), cancellationToken).ConfigureAwait(false);
        if (table != NoTable && IsInside(TableEntry(table, grain), sizeof(uint)))
        {
            var place = PlaceOf(await _pages.ReadUInt32Async(TableEntry(table, grain), cancellationToken).ConfigureAwait(false));
            if (!place.IsStored || place.Offset < _source.Length)
            {
                return place;
            }
        }

        return primaryTable == NoTable && table == NoTable
            ? GrainPlace.Absent
            : PlaceOf(await _pages.ReadUInt32Async(TableEntry(primaryTable == NoTable ? table : primaryTable, grain), cancellationToken).ConfigureAwait(false));
    }

    private long DirectoryEntry(long directory, long grain) => directory + (grain / _layout.TableEntries * sizeof(uint));

    private long TableEntry(uint table, long grain) => ((long)table * SourceBounds.Sector) + (grain % _layout.TableEntries * sizeof(uint));

    private GrainPlace PlaceOf(uint entry) => entry switch
    {
        NotAllocated => GrainPlace.Absent,
        Zeroed when _layout.ZeroedGrains => GrainPlace.Zero,
        _ => new GrainPlace((long)entry * SourceBounds.Sector),
    };

    /// <summary>Whether a table lies in the file. None begins at offset 0, where the header is.</summary>
    private bool IsInside(long offset, long length) => offset > 0 && offset <= _source.Length - length;
}
