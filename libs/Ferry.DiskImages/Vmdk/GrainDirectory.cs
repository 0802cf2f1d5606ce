using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Vmdk;

/// <summary>
/// Grain directory and grain tables of a sparse extent ("VMware Virtual Disk Format 5.0", section "Grain Directories and Grain Tables"): a directory entry
/// is the sector of a grain table, a table entry the sector of a grain; 0 means that there is none. Both are read when needed.
/// </summary>
internal sealed class GrainDirectory
{
    /// <summary>Location of a grain that is not there.</summary>
    internal const uint NotAllocated = 0;

    /// <summary>Location of a grain of zeros, where the header allows such.</summary>
    internal const uint Zeroed = 1;

    private readonly MetadataPages _pages;
    private readonly IByteSource _source;
    private readonly long _directoryOffset;
    private readonly uint _entriesPerTable;

    /// <summary>Checks the directory against the file; no table is read yet.</summary>
    internal GrainDirectory(IByteSource source, SparseExtentHeader header, PageCache cache)
    {
        GrainBytes = (long)header.GrainSize * SourceBounds.Sector;
        var capacity = SourceBounds.SectorsToBytes(header.Capacity, "capacity", source);
        _source = source;
        _entriesPerTable = header.GrainTableEntries;
        _directoryOffset = SourceBounds.SectorsToBytes(header.DirectoryOffset, "grain directory offset", source);
        GrainCount = (capacity / GrainBytes) + (capacity % GrainBytes == 0 ? 0 : 1);
        var tables = (GrainCount / _entriesPerTable) + (GrainCount % _entriesPerTable == 0 ? 0 : 1);
        SourceBounds.Require(source, _directoryOffset, checked(tables * sizeof(uint)), "grain directory");
        _pages = new MetadataPages(source, cache);
    }

    /// <summary>Size of a grain in bytes.</summary>
    internal long GrainBytes { get; }

    /// <summary>Number of grains that cover the extent.</summary>
    internal long GrainCount { get; }

    /// <summary>Sector of a grain, <see cref="NotAllocated"/> or <see cref="Zeroed"/>.</summary>
    internal async ValueTask<uint> LocateAsync(long grain, CancellationToken cancellationToken)
    {
        var table = await _pages.ReadUInt32Async(_directoryOffset + (grain / _entriesPerTable * sizeof(uint)), cancellationToken).ConfigureAwait(false);
        if (table == 0)
        {
            return NotAllocated;
        }

        var entry = ((long)table * SourceBounds.Sector) + (grain % _entriesPerTable * sizeof(uint));
        return await _pages.ReadUInt32Async(entry, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The first grain after <paramref name="grain"/> that another table describes, when the table of <paramref name="grain"/> is not there; else null.</summary>
    internal async ValueTask<long?> SkipMissingTableAsync(long grain, CancellationToken cancellationToken)
    {
        var table = await _pages.ReadUInt32Async(_directoryOffset + (grain / _entriesPerTable * sizeof(uint)), cancellationToken).ConfigureAwait(false);
        return table == 0 ? Math.Min(GrainCount, ((grain / _entriesPerTable) + 1) * _entriesPerTable) : null;
    }

    /// <summary>Offset of a grain in the file, checked against the file's end.</summary>
    internal long OffsetOf(uint location, long needed)
    {
        var offset = (long)location * SourceBounds.Sector;
        SourceBounds.Require(_source, offset, needed, "grain");
        return offset;
    }
}
