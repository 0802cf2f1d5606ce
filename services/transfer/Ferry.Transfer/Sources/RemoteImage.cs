using Ferry.Chunks.Manifests;
using Ferry.DiskImages;
using Ferry.DiskImages.Sources;

namespace Ferry.Transfer.Sources;

/// <summary>The image at a manifest's remote origin, opened with the format and the pins that the manifest holds.</summary>
public sealed class RemoteImage : IAsyncDisposable
{
    private readonly IImageFiles files;
    private readonly TimeSpan idleTimeout;

    private RemoteImage(IImageFiles files, IDiskImageReader reader, TimeSpan idleTimeout)
    {
        this.files = files;
        this.idleTimeout = idleTimeout;
        Reader = reader;
    }

    /// <summary>The reader; use <see cref="ReadAsync"/> for bytes.</summary>
    public IDiskImageReader Reader { get; }

    /// <summary>Opens the image.</summary>
    /// <exception cref="DiskImageException">It is not there, changed, or another disk.</exception>
    public static async ValueTask<RemoteImage> OpenAsync(ManifestHeader header, IImageFiles files, TimeSpan idleTimeout, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(files);
        var origin = header.Origin ?? throw new DiskImageException(DiskImageErrors.Corrupt, "The manifest has chunks at an origin and names none.");
        var reader = await DiskImage.OpenAsync(files, origin.Image, origin.Format, cancellationToken);
        if (reader.Capacity == header.Size && SamePins(reader.Pins, origin.Pins))
        {
            return new RemoteImage(files, reader, idleTimeout);
        }

        await reader.DisposeAsync();
        throw new DiskImageException(DiskImageErrors.SourceChanged, "The source is not what was captured: a file's length or entity tag is another.", origin.Image);
    }

    /// <summary>Reads bytes of the disk; a read that takes longer than the idle limit has failed and may be tried again.</summary>
    public async ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using var idle = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        idle.CancelAfter(idleTimeout);
        try
        {
            await Reader.ReadAsync(offset, buffer, idle.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DiskImageException(
                DiskImageErrors.InputOutput, $"The source did not answer a read of {buffer.Length} bytes within {idleTimeout.TotalSeconds:0.#} s.", Reader.Info.Files[0], offset);
        }
    }

    /// <summary>Looks at the source's files again.</summary>
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
