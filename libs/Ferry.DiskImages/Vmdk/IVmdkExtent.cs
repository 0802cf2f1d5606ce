using Ferry.DiskImages.Checking;
using Ferry.DiskImages.Sources;

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

    /// <summary>The file, or null when there is none.</summary>
    IByteSource? Source => null;

    /// <summary>Unused parts of the file at least this long are leaked; 0: the extent has room that it does not use yet.</summary>
    long LeakUnit => GrainBytes;

    /// <summary>What the extent takes of its file (see <see cref="IDiskImageStructure.GetUsedRangesAsync"/>).</summary>
    /// <param name="file">Index of the file.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    IAsyncEnumerable<UsedRange> GetUsedRangesAsync(int file, CancellationToken cancellationToken) => AsyncEnumerable.Empty<UsedRange>();

    /// <summary>Fills the buffer.</summary>
    ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Gapless extents of a range, not necessarily merged.</summary>
    IAsyncEnumerable<DiskExtent> GetExtentsAsync(long offset, long length, CancellationToken cancellationToken);
}
