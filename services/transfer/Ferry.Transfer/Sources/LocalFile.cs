using System.Diagnostics.CodeAnalysis;
using Ferry.DiskImages;
using Ferry.DiskImages.Sources;

namespace Ferry.Transfer.Sources;

/// <summary>A plain file of this machine, which is copied by the same job as one that is moved: proven slice by slice, and resumed.</summary>
public sealed class LocalFile : IPlainFile
{
    /// <summary>Stands where other sources have host and port.</summary>
    public const string Host = "local";

    private readonly IByteSource source;

    private LocalFile(IByteSource source) => this.source = source;

    /// <inheritdoc/>
    public SourcePin Pin => source.Pin;

    /// <summary>Whether a source is a path and not a URL.</summary>
    public static bool IsPath([NotNullWhen(true)] string? source) => source is not null && Path.IsPathFullyQualified(source);

    /// <summary>Opens the file. A link out of its folder, a device or a FIFO is refused.</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="captured">What it was before, or null.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="DiskImageException">It is not there, or changed.</exception>
    public static async ValueTask<LocalFile> OpenAsync(string path, SourcePin? captured, CancellationToken cancellationToken)
    {
        await using var folder = new LocalImageFiles(Path.GetDirectoryName(path)!);
        var source = await folder.OpenAsync(Path.GetFileName(path), cancellationToken);
        if (captured is null || captured == source.Pin)
        {
            return new LocalFile(source);
        }

        await source.DisposeAsync();
        throw new DiskImageException(DiskImageErrors.SourceChanged, "The source is not what it was when it was listed: its length, time or inode is another.", path);
    }

    /// <inheritdoc/>
    public ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken) => source.ReadAsync(offset, buffer, cancellationToken);

    /// <inheritdoc/>
    public ValueTask VerifyUnchangedAsync(CancellationToken cancellationToken) => source.VerifyUnchangedAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => source.DisposeAsync();
}
