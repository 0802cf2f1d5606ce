using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Opening;
using Ferry.DiskImages.Sources;
using Ferry.DiskImages.Vmdk.Cowd;
using Ferry.DiskImages.Vmdk.SeSparse;

namespace Ferry.DiskImages.Vmdk;

/// <summary>Opens a sparse extent. Which of the three kinds it is, its magic number says; descriptors of different programs name them differently.</summary>
internal static class SparseExtentOpener
{
    /// <summary>Opens an extent that a descriptor names.</summary>
    /// <param name="source">The file.</param>
    /// <param name="length">Bytes of the extent that belong to the disk.</param>
    /// <param name="start">Where it begins in the disk.</param>
    /// <param name="parent">What lies below the disk.</param>
    /// <param name="cache">Table pages of the whole disk.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    internal static async ValueTask<IVmdkExtent> OpenAsync(
        IByteSource source, long length, long start, ParentDisk parent, PageCache cache, CancellationToken cancellationToken)
    {
        SourceBounds.Require(source, 0, SourceBounds.Sector, "header of a sparse extent");
        var head = new byte[SourceBounds.Sector];
        await source.ReadAsync(0, head, cancellationToken).ConfigureAwait(false);
        if (!CowdHeader.IsMatch(head) && !SeSparseHeader.IsMatch(head))
        {
            var header = await HostedExtentOpener.ReadHeaderAsync(source, cancellationToken).ConfigureAwait(false);
            return HostedExtentOpener.Open(source, header, length, start, parent, cache);
        }

        var (map, capacity) = CowdHeader.IsMatch(head)
            ? await CowdOpener.OpenAsync(source, cache, cancellationToken).ConfigureAwait(false)
            : await SeSparseOpener.OpenAsync(source, cache, cancellationToken).ConfigureAwait(false);
        RequireLength(source, length, capacity);
        return new SparseExtent(source, map, length, parent, start);
    }

    /// <summary>Requires that an extent is as long as its descriptor says.</summary>
    internal static void RequireLength(IByteSource source, long length, long capacity)
    {
        if (length > capacity)
        {
            throw new InvalidDiskImageException(DiskImageErrors.Corrupt, $"The descriptor says that the extent has {length} bytes, its header says {capacity}.", source.Name);
        }
    }
}
