using Ferry.DiskImages.Ova;
using Ferry.DiskImages.Sources;
using Microsoft.Extensions.Options;

namespace Ferry.Transfer.Sources;

/// <summary>Files at an allowed URL, read by Range requests over one client of the process.</summary>
public sealed class HttpRemoteFiles(SourceGuard guard, IOptions<TransferOptions> options) : IRemoteFiles, IDisposable
{
    private readonly HttpClient client = SourceClient.Create(guard, options.Value);

    /// <inheritdoc/>
    public async ValueTask<IImageFiles> OpenAsync(string location, CancellationToken cancellationToken)
    {
        var url = guard.Check(location);
        if (url.AbsolutePath.EndsWith('/'))
        {
            return new HttpImageFiles(url, client);
        }

        await using var folder = HttpImageFiles.ForImage(url, client, out var name);
        return await OvaImageFiles.OpenArchiveAsync(await folder.OpenAsync(name, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();
}
