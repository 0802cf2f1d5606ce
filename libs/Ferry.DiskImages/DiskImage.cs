using Ferry.DiskImages.Raw;
using Ferry.DiskImages.Sources;
using Ferry.DiskImages.Vhdx;
using Ferry.DiskImages.Vmdk;

namespace Ferry.DiskImages;

/// <summary>The one place that selects a format: opens, creates and reopens disk images.</summary>
public static class DiskImage
{
    private const int DetectionSize = 4096;

    /// <summary>Opens an image. The format is found by content, never by the file's extension.</summary>
    /// <param name="files">Where the image's files are; the caller keeps ownership.</param>
    /// <param name="name">The image, or its descriptor, in <paramref name="files"/>.</param>
    /// <param name="format">Null: detect; an unknown content is an error. <see cref="DiskImageFormat.Raw"/> must be asked for.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <exception cref="DiskImageException">See <see cref="DiskImageErrors"/>.</exception>
    public static async ValueTask<IDiskImageReader> OpenAsync(
        IImageFiles files, string name, DiskImageFormat? format = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(files);
        var source = await files.OpenAsync(name, cancellationToken).ConfigureAwait(false);
        try
        {
            var start = new byte[Math.Min(DetectionSize, source.Length)];
            await source.ReadAsync(0, start, cancellationToken).ConfigureAwait(false);
            RefuseIncomplete(start, source);
            if (format == DiskImageFormat.Raw && files is LocalImageFiles)
            {
                await RawWriter.RefuseIncompleteAsync(files, name, cancellationToken).ConfigureAwait(false);
            }

            return (format ?? Detect(start, source)) switch
            {
                DiskImageFormat.Raw when source.Length == 0 => throw new DiskImageException(DiskImageErrors.Corrupt, "The file is empty.", source.Name),
                DiskImageFormat.Raw => new RawReader(source),
                DiskImageFormat.Vmdk when VmdkOpener.IsMatch(start) => await VmdkOpener.OpenAsync(files, source, start, cancellationToken).ConfigureAwait(false),
                DiskImageFormat.Vhdx when FileIdentifier.IsMatch(start) => await VhdxOpener.OpenAsync(source, cancellationToken).ConfigureAwait(false),
                var wanted => throw new DiskImageException(DiskImageErrors.UnknownFormat, $"The file is not a {wanted} image.", source.Name),
            };
        }
        catch
        {
            await source.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Creates an image file, or goes on with an incomplete one that the same plan began. An image that the same plan completed is recognised: it takes no more data, and completing it again does nothing.</summary>
    /// <param name="path">Path of the file to write. Anything else that stands there is not overwritten.</param>
    /// <param name="plan">The layout.</param>
    /// <param name="cancellationToken">Stops the creation.</param>
    /// <exception cref="DiskImageException"><see cref="DiskImageErrors.Exists"/>, <see cref="DiskImageErrors.NoSpace"/>, <see cref="DiskImageErrors.InputOutput"/>, <see cref="DiskImageErrors.UnsupportedVariant"/>.</exception>
    /// <exception cref="ArgumentException">The plan contradicts itself or the format.</exception>
    public static async ValueTask<IDiskImageWriter> CreateOrContinueAsync(string path, DiskImagePlan plan, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.Format switch
        {
            DiskImageFormat.Raw => await RawWriter.CreateOrContinueAsync(path, plan, cancellationToken).ConfigureAwait(false),
            DiskImageFormat.Vhdx => await VhdxWriter.CreateOrContinueAsync(path, plan, cancellationToken).ConfigureAwait(false),
            _ => throw new DiskImageException(DiskImageErrors.UnsupportedVariant, $"Images of the format {plan.Format} cannot be written.", path),
        };
    }

    private static DiskImageFormat Detect(ReadOnlySpan<byte> start, IByteSource source)
    {
        if (VmdkOpener.IsMatch(start))
        {
            return DiskImageFormat.Vmdk;
        }

        if (FileIdentifier.IsMatch(start))
        {
            return DiskImageFormat.Vhdx;
        }

        throw KnownForeignFormat(start) is { } known
            ? new DiskImageException(DiskImageErrors.UnsupportedVariant, $"Images of the format {known} cannot be read.", source.Name)
            : new DiskImageException(DiskImageErrors.UnknownFormat, "The content is of no known disk image format; a raw image must be asked for.", source.Name);
    }

    private static void RefuseIncomplete(ReadOnlySpan<byte> start, IByteSource source)
    {
        if (FileIdentifier.IsIncomplete(start))
        {
            throw new DiskImageException(DiskImageErrors.Incomplete, "Ferry began this image and did not finish it; repeat the conversion.", source.Name);
        }
    }

    private static string? KnownForeignFormat(ReadOnlySpan<byte> start) => start switch
    {
        [(byte)'Q', (byte)'F', (byte)'I', 0xfb, ..] => "QCOW2",
        [(byte)'C', (byte)'O', (byte)'W', (byte)'D', ..] => "VMDK vmfsSparse extent",
        [0xbe, 0xba, 0xfe, 0xca, 0, 0, 0, 0, ..] => "VMDK seSparse extent",
        _ when start.StartsWith("conectix"u8) => "VHD (dynamic)",
        _ when start.StartsWith("<<< "u8) => "VDI",
        _ => null,
    };
}
