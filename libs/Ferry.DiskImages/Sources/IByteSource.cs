namespace Ferry.DiskImages.Sources;

/// <summary>Random access to the bytes of one file of an image, wherever it lives. Safe for concurrent reads.</summary>
public interface IByteSource : IAsyncDisposable
{
    /// <summary>Name for messages: a file name or a URL without credentials.</summary>
    string Name { get; }

    /// <summary>Length in bytes when the source was opened.</summary>
    long Length { get; }

    /// <summary>Fills the whole <paramref name="buffer"/>.</summary>
    /// <exception cref="DiskImageException"><see cref="DiskImageErrors.Truncated"/> when the range goes past the end, <see cref="DiskImageErrors.InputOutput"/>, <see cref="DiskImageErrors.SourceChanged"/>.</exception>
    ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default);

    /// <summary>The file's own holes and data as the file system tells them (SEEK_HOLE); one data extent where it cannot tell.</summary>
    IAsyncEnumerable<DiskExtent> GetExtentsAsync(long offset, long length, CancellationToken cancellationToken = default);

    /// <summary>What identifies the content: taken at opening, compared again at the end.</summary>
    SourcePin Pin { get; }

    /// <summary>Looks at the source again.</summary>
    /// <exception cref="DiskImageException"><see cref="DiskImageErrors.SourceChanged"/> when it is no longer what was opened.</exception>
    ValueTask VerifyUnchangedAsync(CancellationToken cancellationToken = default);
}
