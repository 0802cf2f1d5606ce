namespace Ferry.DiskImages.Sources;

/// <summary>
/// The files of one folder. A name with a path in it, a link that leads out of the folder, a device or a FIFO is refused.
/// The one file that the user named himself (<see cref="ForImage"/>) may be a link or a block device.
/// </summary>
public sealed class LocalImageFiles : IImageFiles
{
    private readonly string _folder;
    private readonly string? _trustedName;

    /// <summary>Creates the look-up.</summary>
    /// <param name="folder">The folder that holds the image and all its files.</param>
    public LocalImageFiles(string folder)
        : this(folder, null)
    {
    }

    private LocalImageFiles(string folder, string? trustedName)
    {
        _folder = Path.GetFullPath(folder);
        _trustedName = trustedName;
    }

    /// <summary>The look-up for an image that the user named by path; pass its file name to <see cref="DiskImage.OpenAsync(IImageFiles, string, DiskImageOpenOptions, CancellationToken)"/>.</summary>
    /// <param name="path">Path of the image or its descriptor; may be a block device or a link.</param>
    /// <param name="name">The name to open.</param>
    public static LocalImageFiles ForImage(string path, out string name)
    {
        var full = Path.GetFullPath(path);
        name = Path.GetFileName(full);
        return new LocalImageFiles(Path.GetDirectoryName(full) ?? full, name);
    }

    /// <inheritdoc/>
    public async ValueTask<IByteSource> OpenAsync(string name, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ImageFileName.Require(name);
        var trusted = name == _trustedName;
        var source = FileByteSource.Open(Path.Combine(_folder, name), name, allowDevice: trusted);
        if (trusted || IsInside(source.Path))
        {
            return source;
        }

        await source.DisposeAsync().ConfigureAwait(false);
        throw new InvalidDiskImageException(DiskImageErrors.ForbiddenReference, "The file is a link that leads out of the image's folder.", name);
    }

    /// <summary>Whether there is a file of that name.</summary>
    internal bool Exists(string name) => File.Exists(Path.Combine(_folder, name));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private bool IsInside(string realPath)
    {
        var folder = new DirectoryInfo(_folder);
        var real = RealFolder(folder);
        return realPath.StartsWith(real.EndsWith(Path.DirectorySeparatorChar) ? real : real + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }

    private static string RealFolder(DirectoryInfo folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            return folder.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder.FullName;
        }

        using var handle = UnixFile.OpenForRead(folder.FullName);
        return UnixFile.RealPath(handle);
    }
}
