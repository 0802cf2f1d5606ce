namespace Ferry.DiskImages.FileSystems;

/// <summary>The bytes that a file system, or a physical volume of LVM, lives in. Safe for concurrent reads.</summary>
/// <param name="length">Length in bytes.</param>
internal abstract class VolumeSource(long length)
{
    /// <summary>Length in bytes.</summary>
    internal long Length { get; } = length;

    /// <summary>Fills the buffer; the range lies within the volume.</summary>
    internal abstract ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Reads a structure whose place another structure says.</summary>
    /// <param name="offset">Offset in the volume.</param>
    /// <param name="size">Its size in bytes; the caller bounds it.</param>
    /// <param name="what">Its name for the message.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="VolumeRefusedException">It does not lie within the volume.</exception>
    internal async ValueTask<byte[]> ReadAsync(long offset, int size, string what, CancellationToken cancellationToken)
    {
        Require(offset, size, what);
        var bytes = new byte[size];
        await ReadAsync(offset, bytes, cancellationToken).ConfigureAwait(false);
        return bytes;
    }

    /// <summary>Requires that a structure lies within the volume.</summary>
    internal void Require(long offset, long size, string what)
    {
        if (offset < 0 || size < 0 || offset > Length - size)
        {
            throw VolumeRefusedException.Inconsistent($"The {what} at byte {offset} does not lie within the volume of {Length} bytes.");
        }
    }
}
