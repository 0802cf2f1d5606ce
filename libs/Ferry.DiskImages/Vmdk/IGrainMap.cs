using Ferry.DiskImages.Checking;

namespace Ferry.DiskImages.Vmdk;

/// <summary>The tables of a sparse extent, which say where its grains are. They are read when needed. Safe for concurrent use.</summary>
internal interface IGrainMap
{
    /// <summary>Size of a grain in bytes.</summary>
    long GrainBytes { get; }

    /// <summary>Number of grains that cover the extent.</summary>
    long GrainCount { get; }

    /// <summary>Whether the primary directory cannot be used at all, so that the redundant one is used alone.</summary>
    bool UsesRedundantDirectory => false;

    /// <summary>Whether all room of the file has a grain or a table in it.</summary>
    bool IsCompact => true;

    /// <summary>What headers and tables take of the file.</summary>
    IAsyncEnumerable<UsedRange> GetTableRangesAsync(int file, CancellationToken cancellationToken);

    /// <summary>Where a grain is. A place in the file has not been checked against the file's end.</summary>
    ValueTask<GrainPlace> LocateAsync(long grain, CancellationToken cancellationToken);

    /// <summary>The first grain after <paramref name="grain"/> that another table describes, when the table of <paramref name="grain"/> is not there; else null.</summary>
    ValueTask<long?> SkipMissingTableAsync(long grain, CancellationToken cancellationToken);
}
