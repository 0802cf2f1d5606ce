using Ferry.DiskImages;
using Ferry.DiskImages.Sources;

namespace Ferry.Transfer.Sources;

/// <summary>A plain file at a URL, byte for byte.</summary>
public sealed class RemoteFile : IPlainFile
{
    private readonly IByteSource source;
    private readonly HttpClient client;

    private RemoteFile(IByteSource source, HttpClient client) => (this.source, this.client) = (source, client);

    /// <inheritdoc/>
    public SourcePin Pin => source.Pin;

    /// <summary>Opens the file; takes over <paramref name="client"/>, also when it fails.</summary>
    /// <param name="url">The file.</param>
    /// <param name="client">The client.</param>
    /// <param name="captured">What it was when it was opened first, or null.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="DiskImageException">It is not there, or changed.</exception>
    public static async ValueTask<RemoteFile> OpenAsync(Uri url, HttpClient client, SourcePin? captured, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(url);
        ArgumentNullException.ThrowIfNull(client);
        try
        {
            await using var folder = HttpImageFiles.ForImage(url, client, out var name);
            var source = await folder.OpenAsync(name, cancellationToken);
            return captured is null || captured == source.Pin
                ? new RemoteFile(source, client)
                : throw new DiskImageException(DiskImageErrors.SourceChanged, "The source is not what it was when the transfer began: its length or entity tag is another.", SourceUrl.Show(url));
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>The folder and the name of a URL's file.</summary>
    public static (string Folder, string Name) Split(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return (new Uri(url, "./" + url.Query).AbsoluteUri, Uri.UnescapeDataString(url.Segments[^1]));
    }

    /// <inheritdoc/>
    public ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken) => source.ReadAsync(offset, buffer, cancellationToken);

    /// <inheritdoc/>
    public ValueTask VerifyUnchangedAsync(CancellationToken cancellationToken) => source.VerifyUnchangedAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await source.DisposeAsync();
        client.Dispose();
    }
}
