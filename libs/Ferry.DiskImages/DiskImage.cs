using Ferry.DiskImages.Opening;
using Ferry.DiskImages.Qcow2;
using Ferry.DiskImages.Qcow2.Writing;
using Ferry.DiskImages.Raw;
using Ferry.DiskImages.Sources;
using Ferry.DiskImages.Vdi;
using Ferry.DiskImages.Vhd;
using Ferry.DiskImages.Vhdx;
using Ferry.DiskImages.Vmdk;

namespace Ferry.DiskImages;

/// <summary>The one place that selects a format: opens, creates and reopens disk images.</summary>
public static class DiskImage
{
    /// <summary>Opens an image, with its parents when it has any. The format is found by content, never by the file's extension.</summary>
    /// <param name="files">Where the image's files are; the caller keeps ownership.</param>
    /// <param name="name">The image, or its descriptor, in <paramref name="files"/>.</param>
    /// <param name="format">Null: detect; an unknown content is an error. <see cref="DiskImageFormat.Raw"/> must be asked for.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <exception cref="DiskImageException">See <see cref="DiskImageErrors"/>.</exception>
    public static ValueTask<IDiskImageReader> OpenAsync(
        IImageFiles files, string name, DiskImageFormat? format = null, CancellationToken cancellationToken = default) =>
        OpenAsync(files, name, new DiskImageOpenOptions { Format = format }, cancellationToken);

    /// <summary>Opens an image as the other overload does, with more to be said about it.</summary>
    /// <param name="files">Where the image's files are; the caller keeps ownership.</param>
    /// <param name="name">The image, or its descriptor, in <paramref name="files"/>.</param>
    /// <param name="options">How to open it.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <exception cref="DiskImageException">See <see cref="DiskImageErrors"/>.</exception>
    /// <exception cref="ArgumentException">An option has a value that is not allowed.</exception>
    public static ValueTask<IDiskImageReader> OpenAsync(
        IImageFiles files, string name, DiskImageOpenOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(options);
        return options.LogicalSectorSize is 0 or 512 or 4096
            ? OpenChainAsync(ImageChain.Start(files, name, options), options.Format, cancellationToken)
            : throw new ArgumentException($"A logical sector is 512 or 4096 bytes, not {options.LogicalSectorSize}.", nameof(options));
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
        var variant = DiskImageVariants.Resolve(plan.Format, plan.Variant);
        plan = plan with { Variant = variant };
        return (plan.Format, variant) switch
        {
            (DiskImageFormat.Raw, _) => await RawWriter.CreateOrContinueAsync(path, plan, cancellationToken).ConfigureAwait(false),
            (DiskImageFormat.Qcow2, DiskImageVariant.Dynamic) => await Qcow2Creation.CreateOrContinueAsync(path, plan, cancellationToken).ConfigureAwait(false),
            (DiskImageFormat.Vhdx, _) => await VhdxWriter.CreateOrContinueAsync(path, plan, cancellationToken).ConfigureAwait(false),
            (DiskImageFormat.Vmdk, DiskImageVariant.MonolithicSparse) => await VmdkSparseCreation.CreateOrContinueAsync(path, plan, cancellationToken).ConfigureAwait(false),
            (DiskImageFormat.Vmdk, DiskImageVariant.MonolithicFlat) => await VmdkFlatWriter.CreateOrContinueAsync(path, plan, cancellationToken).ConfigureAwait(false),
            (DiskImageFormat.Vdi, _) => await VdiWriter.CreateOrContinueAsync(path, plan, cancellationToken).ConfigureAwait(false),
            (DiskImageFormat.Vhd, _) => await VhdCreator.CreateOrContinueAsync(path, plan, cancellationToken).ConfigureAwait(false),
            _ => throw new UnsupportedDiskImageException(DiskImageErrors.UnsupportedVariant, $"{plan.Format} {variant} is written in one pass only (see ImageConverter).", path),
        };
    }

    /// <summary>
    /// Reopens a complete image that Ferry wrote to overwrite and append blocks, or goes on with a delta that was interrupted. The file is marked incomplete,
    /// durably, before anything else of it changes, and complete again by <see cref="IDiskImageWriter.CompleteAsync(CancellationToken)"/>. Ranges within the delta that are not
    /// written keep what they hold; data that became zero is written as zeros.
    /// </summary>
    /// <param name="path">Path of the image.</param>
    /// <param name="format">Its format.</param>
    /// <param name="delta">What will change.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <exception cref="DiskImageException"><see cref="DiskImageErrors.UnsupportedVariant"/> when the image is not one that can be changed; <see cref="DiskImageErrors.Incomplete"/> when another plan or delta holds it.</exception>
    /// <exception cref="ArgumentException">The delta does not fit the image.</exception>
    public static async ValueTask<IDiskImageWriter> ReopenAsync(string path, DiskImageFormat format, DiskImageDelta delta, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(delta);
        return format switch
        {
            DiskImageFormat.Raw => await RawDelta.ReopenAsync(path, delta, cancellationToken).ConfigureAwait(false),
            DiskImageFormat.Vmdk => await VmdkReopener.ReopenAsync(path, delta, cancellationToken).ConfigureAwait(false),
            DiskImageFormat.Qcow2 => await Qcow2Delta.ReopenAsync(path, delta, cancellationToken).ConfigureAwait(false),
            DiskImageFormat.Vhdx => await VhdxDelta.ReopenAsync(path, delta, cancellationToken).ConfigureAwait(false),
            DiskImageFormat.Vdi => await VdiDelta.ReopenAsync(path, delta, cancellationToken).ConfigureAwait(false),
            DiskImageFormat.Vhd => await VhdReopener.ReopenAsync(path, delta, cancellationToken).ConfigureAwait(false),
            _ => throw new UnsupportedDiskImageException(DiskImageErrors.UnsupportedVariant, $"Images of the format {format} cannot be changed in place.", path),
        };
    }

    /// <summary>Opens an image that a chain leads to.</summary>
    internal static async ValueTask<IDiskImageReader> OpenChainAsync(ImageChain chain, DiskImageFormat? format, CancellationToken cancellationToken)
    {
        var source = await chain.OpenFileAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var start = await ImageStart.ReadAsync(source, cancellationToken).ConfigureAwait(false);
            RefuseIncomplete(start, source);
            var found = FormatDetector.Find(start);
            if (FormatDetector.IsDisguisedVhd(start, found))
            {
                found = format switch { null => throw Ambiguous(found, source), DiskImageFormat.Vhd => format, _ => found };
            }

            var wanted = format ?? found ?? throw Unknown(source);
            if (wanted != DiskImageFormat.Raw && wanted != found)
            {
                throw new UnsupportedDiskImageException(DiskImageErrors.UnknownFormat, $"The file is not a {wanted} image.", source.Name);
            }

            return wanted switch
            {
                DiskImageFormat.Raw => RawOpener.Open(chain, source),
                DiskImageFormat.Vmdk => await VmdkOpener.OpenAsync(chain, source, start, cancellationToken).ConfigureAwait(false),
                DiskImageFormat.Qcow2 => await Qcow2Opener.OpenAsync(chain, source, cancellationToken).ConfigureAwait(false),
                DiskImageFormat.Vhdx => await VhdxOpener.OpenAsync(chain, source, cancellationToken).ConfigureAwait(false),
                DiskImageFormat.Vdi => VdiOpener.Open(source, start),
                DiskImageFormat.Vhd => await VhdOpener.OpenAsync(chain, source, start, cancellationToken).ConfigureAwait(false),
                _ => throw new UnsupportedDiskImageException(DiskImageErrors.UnsupportedVariant, $"Images of the format {wanted} cannot be read.", source.Name),
            };
        }
        catch
        {
            await source.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static UnsupportedDiskImageException Unknown(IByteSource source) =>
        new(DiskImageErrors.UnknownFormat, "The content is of no known disk image format; a raw image must be asked for.", source.Name);

    private static UnsupportedDiskImageException Ambiguous(DiskImageFormat? found, IByteSource source) => new(
        DiskImageErrors.UnsupportedVariant, $"The file begins like a {found} image and ends like a fixed VHD; say which of the two it is.", source.Name);

    private static void RefuseIncomplete(ImageStart start, IByteSource source)
    {
        if (FormatDetector.IsIncomplete(start))
        {
            throw new InvalidDiskImageException(DiskImageErrors.Incomplete, "Ferry began this image and did not finish it; repeat the conversion.", source.Name);
        }
    }
}
