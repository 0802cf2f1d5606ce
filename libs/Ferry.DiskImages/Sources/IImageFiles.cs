namespace Ferry.DiskImages.Sources;

/// <summary>
/// The only place where an image's own files are looked up: the folder of the image, the members of an OVA, the URL folder. Implementations refuse every
/// name that leads out of it (DESIGN section 7).
/// </summary>
public interface IImageFiles : IAsyncDisposable
{
    /// <summary>Opens a file by the name that a descriptor gives.</summary>
    /// <exception cref="DiskImageException"><see cref="DiskImageErrors.ForbiddenReference"/>, <see cref="DiskImageErrors.MissingFile"/>, <see cref="DiskImageErrors.InputOutput"/>.</exception>
    ValueTask<IByteSource> OpenAsync(string name, CancellationToken cancellationToken = default);
}
