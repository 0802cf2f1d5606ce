using Ferry.DiskImages.Opening;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Raw;

/// <summary>Opens a raw image.</summary>
internal static class RawOpener
{
    /// <summary>Opens the disk; the reader owns the source from then on, the caller still does when this throws.</summary>
    internal static async ValueTask<IDiskImageReader> OpenAsync(ImageChain chain, IByteSource source, CancellationToken cancellationToken)
    {
        if (source.Length == 0)
        {
            throw new InvalidDiskImageException(DiskImageErrors.Corrupt, "The file is empty.", source.Name);
        }

        if (chain.Files is LocalImageFiles)
        {
            await RawWriter.RefuseIncompleteAsync(chain.Files, chain.Name, cancellationToken).ConfigureAwait(false);
        }

        return new RawReader(source);
    }
}
