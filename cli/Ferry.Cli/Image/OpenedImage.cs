using Ferry.DiskImages;
using Ferry.DiskImages.Ova;
using Ferry.DiskImages.Sources;

namespace Ferry.Cli.Image;

/// <summary>An image opened from what the user wrote: a path, a URL, or a member of an OVA.</summary>
internal sealed class OpenedImage : IAsyncDisposable
{
    private readonly IImageFiles _files;
    private readonly HttpClient? _client;

    private OpenedImage(IDiskImageReader reader, IImageFiles files, HttpClient? client)
    {
        Reader = reader;
        _files = files;
        _client = client;
    }

    public IDiskImageReader Reader { get; }

    public static async Task<OpenedImage> OpenAsync(string image, DiskImageOpenOptions options, CancellationToken cancellationToken)
    {
        HttpClient? client = null;
        IImageFiles? files = null;
        try
        {
            string name;
            if (Uri.TryCreate(image, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps))
            {
                client = HttpImageFiles.CreateClient();
                files = HttpImageFiles.ForImage(uri, client, out name);
            }
            else if (image.LastIndexOf(".ova!", StringComparison.OrdinalIgnoreCase) is > 0 and var split)
            {
                name = image[(split + ".ova!".Length)..];
                files = await OvaImageFiles.OpenArchiveAsync(image[..(split + ".ova".Length)], cancellationToken);
            }
            else
            {
                files = LocalImageFiles.ForImage(image, out name);
            }

            return new OpenedImage(await DiskImage.OpenAsync(files, name, options, cancellationToken), files, client);
        }
        catch
        {
            if (files is not null)
            {
                await files.DisposeAsync();
            }

            client?.Dispose();
            throw;
        }
    }

    /// <summary>Opens a raw disk that comes through a stream; it is kept in a temporary file in the folder.</summary>
    public static async Task<OpenedImage> OpenInputAsync(Stream input, string folder, CancellationToken cancellationToken)
    {
        var files = await SpooledInput.ReadAsync(input, folder, cancellationToken);
        try
        {
            return new OpenedImage(await DiskImage.OpenAsync(files, SpooledInput.Name, DiskImageFormat.Raw, cancellationToken), files, null);
        }
        catch
        {
            await files.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Reader.DisposeAsync();
        await _files.DisposeAsync();
        _client?.Dispose();
    }
}
