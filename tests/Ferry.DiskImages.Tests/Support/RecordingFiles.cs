using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Tests.Support;

/// <summary>The files of a folder, and which of them an image asked for.</summary>
internal sealed class RecordingFiles(string folder) : IImageFiles
{
    private readonly LocalImageFiles _files = new(folder);

    /// <summary>The names in the order in which they were asked for.</summary>
    public List<string> Names { get; } = [];

    public ValueTask<IByteSource> OpenAsync(string name, CancellationToken cancellationToken = default)
    {
        Names.Add(name);
        return _files.OpenAsync(name, cancellationToken);
    }

    public ValueTask DisposeAsync() => _files.DisposeAsync();
}
