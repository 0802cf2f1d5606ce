namespace Ferry.DiskImages.Vmdk;

/// <summary>One extent of a VMware disk. Offsets count from the start of the extent.</summary>
internal interface IVmdkExtent
{
    /// <summary>Size of the extent in bytes.</summary>
    long Length { get; }

    /// <summary>Allocation unit in bytes, 0 where there is none.</summary>
    long GrainBytes => 0;

    /// <summary>Whether the extent's own directory cannot be used, so that its redundant one is.</summary>
    bool UsesRedundantDirectory => false;

    /// <summary>Fills the buffer.</summary>
    ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Gapless extents of a range, not necessarily merged.</summary>
    IAsyncEnumerable<DiskExtent> GetExtentsAsync(long offset, long length, CancellationToken cancellationToken);
}
