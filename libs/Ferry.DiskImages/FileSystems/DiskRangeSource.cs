namespace Ferry.DiskImages.FileSystems;

/// <summary>A contiguous range of a disk: a partition, or all of it.</summary>
/// <param name="disk">The disk; the caller keeps ownership.</param>
/// <param name="offset">First byte of the range.</param>
/// <param name="length">Length in bytes.</param>
internal sealed class DiskRangeSource(IDiskImageReader disk, long offset, long length) : VolumeSource(length)
{
    private readonly long _offset = offset;

    /// <inheritdoc/>
    internal override ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken) =>
        disk.ReadAsync(_offset + offset, buffer, cancellationToken);
}
