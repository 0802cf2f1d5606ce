using Ferry.Chunks.Manifests;
using Ferry.DiskImages;
using Ferry.DiskImages.Sources;

namespace Ferry.Transfer.Sources;

/// <summary>The image at a manifest's remote origin, opened with the format and the pins that the manifest holds.</summary>
public sealed class RemoteImage : IRemoteSource
{
    private readonly IImageFiles files;

    private RemoteImage(IImageFiles files, IDiskImageReader reader)
    {
        this.files = files;
        Reader = reader;
    }

    /// <summary>The reader.</summary>
    public IDiskImageReader Reader { get; }

    /// <inheritdoc/>
    public ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken) => Reader.ReadAsync(offset, buffer, cancellationToken);

    /// <summary>Opens the image; takes over <paramref name="files"/>, also when it fails.</summary>
    /// <exception cref="DiskImageException">It is not there, changed, or another disk.</exception>
    public static async ValueTask<RemoteImage> OpenAsync(ManifestHeader header, IImageFiles files, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(files);
        var origin = header.Origin ?? throw new InvalidDiskImageException(DiskImageErrors.Corrupt, "The manifest has chunks at an origin and names none.");
        try
        {
            var reader = await DiskImage.OpenAsync(files, origin.Image, origin.Format, cancellationToken);
            if (reader.Capacity == header.Size && SamePins(reader.Pins, origin.Pins))
            {
                return new RemoteImage(files, reader);
            }

            await reader.DisposeAsync();
            throw new DiskImageException(DiskImageErrors.SourceChanged, "The source is not what was captured: a file's length or entity tag is another.", origin.Image);
        }
        catch
        {
            await files.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask VerifyUnchangedAsync(CancellationToken cancellationToken) => Reader.VerifyUnchangedAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Reader.DisposeAsync();
        await files.DisposeAsync();
    }

    private static bool SamePins(IEnumerable<SourcePin> now, IEnumerable<SourcePin> captured) =>
        now.OrderBy(pin => pin.Name, StringComparer.Ordinal).SequenceEqual(captured.OrderBy(pin => pin.Name, StringComparer.Ordinal));
}
