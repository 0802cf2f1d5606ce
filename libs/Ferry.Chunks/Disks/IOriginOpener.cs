using Ferry.Chunks.Manifests;
using Ferry.DiskImages;

namespace Ferry.Chunks.Disks;

/// <summary>Opens the image that holds the bytes of a manifest's <c>Origin</c> entries.</summary>
public interface IOriginOpener
{
    /// <summary>Opens the origin and compares it with its pins. The caller owns the reader.</summary>
    /// <exception cref="DiskImageException"><see cref="DiskImageErrors.SourceChanged"/> when it is not what was captured; <see cref="DiskImageErrors.MissingFile"/> and others.</exception>
    ValueTask<IDiskImageReader> OpenAsync(ManifestOrigin origin, CancellationToken cancellationToken = default);
}
