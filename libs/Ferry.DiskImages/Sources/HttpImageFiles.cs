namespace Ferry.DiskImages.Sources;

/// <summary>
/// The files of one folder of a web server, read by HTTP/1.1 Range requests. Names lead nowhere else; redirects are followed only to the same scheme,
/// host and port. Which hosts may be asked at all is the caller's decision.
/// </summary>
/// <param name="baseUri">The folder: an http or https URL. What stands behind its last slash is not used; its query (a signature) is sent along.</param>
/// <param name="client">The client; stays the caller's. It should not follow redirects itself, see <see cref="CreateClient"/>.</param>
public sealed class HttpImageFiles(Uri baseUri, HttpClient client) : IImageFiles
{
    private readonly Uri _base = Check(baseUri);

    /// <summary>The look-up for an image that the user named by URL; pass its file name to <see cref="DiskImage.OpenAsync(IImageFiles, string, DiskImageOpenOptions, CancellationToken)"/>.</summary>
    /// <param name="image">URL of the image or its descriptor.</param>
    /// <param name="client">The client; stays the caller's.</param>
    /// <param name="name">The name to open.</param>
    public static HttpImageFiles ForImage(Uri image, HttpClient client, out string name)
    {
        ArgumentNullException.ThrowIfNull(image);
        name = Uri.UnescapeDataString(image.Segments[^1]);
        return new HttpImageFiles(image, client);
    }

    /// <summary>A client that suits: no automatic redirects, no decompression, several connections, a time limit for connecting.</summary>
    public static HttpClient CreateClient() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = System.Net.DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        UseCookies = false,
    });

    /// <inheritdoc/>
    public async ValueTask<IByteSource> OpenAsync(string name, CancellationToken cancellationToken = default)
    {
        ImageFileName.Require(name);
        var folder = _base.GetLeftPart(UriPartial.Path);
        var uri = new Uri(folder[..(folder.LastIndexOf('/') + 1)] + Uri.EscapeDataString(name) + _base.Query);
        return await HttpByteSource.OpenAsync(client, uri, name, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static Uri Check(Uri uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        return uri.IsAbsoluteUri && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            ? uri
            : throw new InvalidDiskImageException(DiskImageErrors.ForbiddenReference, "Only http and https URLs can be read.");
    }
}
