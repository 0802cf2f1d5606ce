using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Metadata;

/// <summary>
/// The table entries of a file, read one by one through a <see cref="PageCache"/>. A page is read when it is first needed, so that a table of any
/// claimed size costs no more than the cache.
/// </summary>
internal sealed class MetadataPages(IByteSource source, PageCache cache)
{
    /// <summary>Reads a little-endian 32-bit entry at an offset that is a multiple of 4.</summary>
    internal ValueTask<uint> ReadUInt32Async(long offset, CancellationToken cancellationToken)
    {
        var page = cache.Find(source, offset / MetadataPage.Size);
        return page is not null ? new ValueTask<uint>(page.UInt32(offset)) : LoadUInt32Async(offset, cancellationToken);
    }

    /// <summary>Reads a little-endian 64-bit entry at an offset that is a multiple of 8.</summary>
    internal ValueTask<ulong> ReadUInt64Async(long offset, CancellationToken cancellationToken)
    {
        var page = cache.Find(source, offset / MetadataPage.Size);
        return page is not null ? new ValueTask<ulong>(page.UInt64(offset)) : LoadUInt64Async(offset, cancellationToken);
    }

    private async ValueTask<uint> LoadUInt32Async(long offset, CancellationToken cancellationToken) =>
        (await LoadAsync(offset, sizeof(uint), cancellationToken).ConfigureAwait(false)).UInt32(offset);

    private async ValueTask<ulong> LoadUInt64Async(long offset, CancellationToken cancellationToken) =>
        (await LoadAsync(offset, sizeof(ulong), cancellationToken).ConfigureAwait(false)).UInt64(offset);

    private async ValueTask<MetadataPage> LoadAsync(long offset, int size, CancellationToken cancellationToken)
    {
        SourceBounds.Require(source, offset, size, "table entry");
        var number = offset / MetadataPage.Size;
        var start = number * MetadataPage.Size;
        var bytes = new byte[MetadataPage.Size];
        var count = (int)Math.Min(MetadataPage.Size, source.Length - start);
        await source.ReadAsync(start, bytes.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
        var page = new MetadataPage(source, number, bytes);
        cache.Add(page);
        return page;
    }
}
