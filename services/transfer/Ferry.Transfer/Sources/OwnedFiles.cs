using Ferry.DiskImages.Sources;

namespace Ferry.Transfer.Sources;

/// <summary>Files that are read over a client of their own.</summary>
internal sealed class OwnedFiles(IImageFiles files, HttpClient client) : IImageFiles
{
    public ValueTask<IByteSource> OpenAsync(string name, CancellationToken cancellationToken = default) => files.OpenAsync(name, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await files.DisposeAsync();
        client.Dispose();
    }
}
