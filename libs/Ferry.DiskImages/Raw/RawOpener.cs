using Ferry.DiskImages.Opening;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Raw;

/// <summary>Opens a raw image.</summary>
internal static class RawOpener
{
    private const int DefaultSectorSize = 512;

    /// <summary>Opens the disk; the reader owns the source from then on, the caller still does when this throws.</summary>
    internal static RawReader Open(ImageChain chain, IByteSource source)
    {
        if (source.Length == 0)
        {
            throw new InvalidDiskImageException(DiskImageErrors.Corrupt, "The file is empty.", source.Name);
        }

        if (chain.Files is LocalImageFiles files)
        {
            RawMark.Refuse(files, chain.Name);
        }

        var device = (source as FileByteSource)?.SectorSizes;
        var logical = chain.Options.LogicalSectorSize > 0 ? chain.Options.LogicalSectorSize : device?.Logical ?? DefaultSectorSize;
        return new RawReader(source, logical, Math.Max(logical, device?.Physical ?? logical));
    }
}
