using Ferry.Chunks.Manifests;
using Ferry.DiskImages;
using Ferry.DiskImages.Sources;

namespace Ferry.Chunks.Disks;

/// <summary>The image at a manifest's origin, opened with the format and the pins that the manifest holds. Only for origins that this machine reads in place.</summary>
public sealed class OriginImage : IAsyncDisposable
{
    private readonly IImageFiles files;

    private OriginImage(IImageFiles files, IDiskImageReader reader)
    {
        this.files = files;
        Reader = reader;
    }

    /// <summary>The reader.</summary>
    public IDiskImageReader Reader { get; }

    /// <summary>Opens the origin.</summary>
    /// <exception cref="DiskImageException">It is not there, changed, or another disk.</exception>
    public static async ValueTask<OriginImage> OpenAsync(ManifestHeader header, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(header);
        var origin = header.Origin ?? throw new InvalidDiskImageException(DiskImageErrors.Corrupt, "The manifest has chunks at an origin and names none.");
        return await OpenAsync(origin, header.Size, cancellationToken);
    }

    /// <summary>Opens an origin.</summary>
    /// <param name="origin">The origin.</param>
    /// <param name="size">Size of the disk in bytes that it has to have, or null.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <exception cref="DiskImageException">It is not there, changed, or another disk.</exception>
    public static async ValueTask<OriginImage> OpenAsync(ManifestOrigin origin, long? size, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(origin);
        if (!Path.IsPathFullyQualified(origin.Location))
        {
            throw new UnsupportedDiskImageException(DiskImageErrors.UnsupportedVariant, "The manifest's origin is remote: its chunks have to be transferred first.", origin.Image);
        }

        var (files, name) = await OriginFiles.OpenAsync(origin, cancellationToken);
        try
        {
            var reader = await DiskImage.OpenAsync(files, name, origin.Format, cancellationToken);
            if ((size is null || reader.Capacity == size) && SamePins(reader.Pins, origin.Pins))
            {
                return new OriginImage(files, reader);
            }

            await reader.DisposeAsync();
            throw new DiskImageException(DiskImageErrors.SourceChanged, "The source is not what was captured: a file's length, time or identity is another.", origin.Image);
        }
        catch
        {
            await files.DisposeAsync();
            throw;
        }
    }

    /// <summary>Looks at the origin's files again.</summary>
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
