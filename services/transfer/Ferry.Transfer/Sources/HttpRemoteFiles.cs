using Ferry.DiskImages.Ova;
using Ferry.DiskImages.Sources;
using Microsoft.Extensions.Options;

namespace Ferry.Transfer.Sources;

/// <summary>Files at an allowed URL, read by Range requests over the connections of the process, at the pace and with the credential of the job.</summary>
public sealed class HttpRemoteFiles(SourceGuard guard, IOptions<TransferOptions> options, TimeProvider time) : IRemoteFiles, IDisposable
{
    private readonly SocketsHttpHandler connections = guard.Rules.CreateHandler(stream => new IdleTimeoutStream(stream, options.Value.IdleTimeout));

    /// <inheritdoc/>
    public async ValueTask<IImageFiles> OpenAsync(string location, SourceTraffic traffic, CancellationToken cancellationToken)
    {
        var url = guard.Check(location);
        var client = Client(traffic);
        try
        {
            if (url.AbsolutePath.EndsWith('/'))
            {
                return new OwnedFiles(new HttpImageFiles(url, client), client);
            }

            await using var folder = HttpImageFiles.ForImage(url, client, out var name);
            return new OwnedFiles(await OvaImageFiles.OpenArchiveAsync(await folder.OpenAsync(name, cancellationToken), cancellationToken), client);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<RemoteFile> OpenFileAsync(string location, SourcePin? captured, SourceTraffic traffic, CancellationToken cancellationToken)
    {
        var url = guard.Check(location);
        return await RemoteFile.OpenAsync(url, Client(traffic), captured, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => connections.Dispose();

    private HttpClient Client(SourceTraffic traffic)
    {
        var handler = new SourceTrafficHandler(traffic, connections, time);
        return HostRules.ClientOver(handler, ownsHandler: false, Timeout.InfiniteTimeSpan);
    }
}
