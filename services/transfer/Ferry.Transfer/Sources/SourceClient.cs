using System.Net;

namespace Ferry.Transfer.Sources;

/// <summary>The HTTP client for sources: HTTP/1.1 for bulk bytes, no redirects, no decompression, no cookies, no ambient credentials.</summary>
public static class SourceClient
{
    /// <summary>Creates the client.</summary>
    public static HttpClient Create(SourceGuard guard, TransferOptions options)
    {
        ArgumentNullException.ThrowIfNull(guard);
        ArgumentNullException.ThrowIfNull(options);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = false,
            MaxConnectionsPerServer = 64,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = TimeSpan.FromSeconds(15),
            ConnectCallback = async (context, cancellationToken) => new IdleTimeoutStream(await guard.ConnectAsync(context, cancellationToken), options.IdleTimeout),
        };
        return new HttpClient(handler)
        {
            DefaultRequestVersion = HttpVersion.Version11,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            // Each read of a connection has its idle limit; a whole disk has none.
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }
}
