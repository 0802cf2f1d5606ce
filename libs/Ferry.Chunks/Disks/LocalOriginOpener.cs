using Ferry.Chunks.Manifests;
using Ferry.DiskImages;
using Ferry.DiskImages.Sources;

namespace Ferry.Chunks.Disks;

/// <summary>Opens origins that this machine reads in place: folders, OVAs, block devices. Thread-safe.</summary>
public sealed class LocalOriginOpener : IOriginOpener
{
    /// <inheritdoc/>
    public async ValueTask<IDiskImageReader> OpenAsync(ManifestOrigin origin, CancellationToken cancellationToken = default) =>
        new OwningReader(await OriginImage.OpenAsync(origin, size: null, cancellationToken).ConfigureAwait(false));

    // The reader and the look-up of its files end together.
    private sealed class OwningReader(OriginImage image) : IDiskImageReader
    {
        public DiskImageInfo Info => image.Reader.Info;

        public long Capacity => image.Reader.Capacity;

        public IReadOnlyList<SourcePin> Pins => image.Reader.Pins;

        public ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            image.Reader.ReadAsync(offset, buffer, cancellationToken);

        public IAsyncEnumerable<DiskExtent> GetExtentsAsync(long offset, long length, CancellationToken cancellationToken = default) =>
            image.Reader.GetExtentsAsync(offset, length, cancellationToken);

        public ValueTask VerifyUnchangedAsync(CancellationToken cancellationToken = default) => image.Reader.VerifyUnchangedAsync(cancellationToken);

        public ValueTask DisposeAsync() => image.DisposeAsync();
    }
}
