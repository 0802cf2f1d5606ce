using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages;

/// <summary>The one place that selects a format: opens, creates and reopens disk images.</summary>
public static class DiskImage
{
    /// <summary>Opens an image. The format is found by content, never by the file's extension.</summary>
    /// <param name="files">Where the image's files are; the caller keeps ownership.</param>
    /// <param name="name">The image, or its descriptor, in <paramref name="files"/>.</param>
    /// <param name="format">Null: detect; an unknown content is an error. <see cref="DiskImageFormat.Raw"/> must be asked for.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <exception cref="DiskImageException">See <see cref="DiskImageErrors"/>.</exception>
    public static ValueTask<IDiskImageReader> OpenAsync(
        IImageFiles files, string name, DiskImageFormat? format = null, CancellationToken cancellationToken = default) =>
        throw new DiskImageException(DiskImageErrors.UnknownFormat, "No format is known yet.", name);

    /// <summary>Creates an image file, or goes on with an incomplete one that the same plan began.</summary>
    /// <param name="path">Path of the file to write.</param>
    /// <param name="plan">The layout.</param>
    /// <param name="cancellationToken">Stops the creation.</param>
    public static ValueTask<IDiskImageWriter> CreateOrContinueAsync(string path, DiskImagePlan plan, CancellationToken cancellationToken = default) =>
        throw new DiskImageException(DiskImageErrors.UnsupportedVariant, "No format can be written yet.", path);
}
