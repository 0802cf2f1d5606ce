using System.Net;
using System.Net.Sockets;

namespace Ferry.DiskImages.Sources;

/// <summary>
/// Which hosts source URLs may name and which addresses may be connected to: a source's URL comes from outside and must not reach what only this machine may (SSRF).
/// Thread-safe.
/// </summary>
/// <param name="allowedHosts">Names, names with port, or <c>*.domain</c>; empty: every host but link-local addresses, at which clouds keep their metadata services.</param>
public sealed class HostRules(IReadOnlyCollection<string> allowedHosts)
{
    /// <summary>Whether the URL's host is on the list, or there is no list.</summary>
    public bool IsAllowed(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return allowedHosts.Count == 0 || allowedHosts.Any(host =>
            string.Equals(host, url.Host, StringComparison.OrdinalIgnoreCase)
            || string.Equals(host, $"{url.Host}:{url.Port}", StringComparison.OrdinalIgnoreCase)
            || (host.StartsWith("*.", StringComparison.Ordinal) && url.Host.EndsWith(host[1..], StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>Connects to an allowed address of the host; the address is checked that is connected to, so that a changed DNS answer changes nothing.</summary>
    /// <exception cref="HttpRequestException">The host has no address that may be connected to.</exception>
    internal async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken).ConfigureAwait(false);
        var allowed = allowedHosts.Count > 0 ? addresses : [.. addresses.Where(address => !IsLinkLocal(address))];
        if (allowed.Length == 0)
        {
            throw new HttpRequestException($"{context.DnsEndPoint.Host} has no address that may be connected to.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// A client for sources: HTTP/1.1 for bulk bytes, no redirects, cookies, proxy, decompression or ambient credentials, connecting by these rules only.
    /// </summary>
    /// <param name="timeout">Limit of a whole answer, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="wrap">Wraps each connection, for example with an idle limit; null for none.</param>
    public HttpClient CreateClient(TimeSpan timeout, Func<Stream, Stream>? wrap = null) => ClientOver(CreateHandler(wrap), ownsHandler: true, timeout);

    /// <summary>A client for sources over a handler of <see cref="CreateHandler"/> or one around it.</summary>
    /// <param name="handler">The handler.</param>
    /// <param name="ownsHandler">Whether the client disposes of it.</param>
    /// <param name="timeout">Limit of a whole answer, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    public static HttpClient ClientOver(HttpMessageHandler handler, bool ownsHandler, TimeSpan timeout) => new(handler, ownsHandler)
    {
        DefaultRequestVersion = HttpVersion.Version11,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Timeout = timeout,
    };

    /// <summary>The connections of clients for sources.</summary>
    /// <param name="wrap">Wraps each connection, for example with an idle limit; null for none.</param>
    public SocketsHttpHandler CreateHandler(Func<Stream, Stream>? wrap = null) => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectTimeout = TimeSpan.FromSeconds(15),
        ConnectCallback = async (context, cancellationToken) =>
        {
            var stream = await ConnectAsync(context, cancellationToken).ConfigureAwait(false);
            return wrap is null ? stream : wrap(stream);
        },
    };

    private static bool IsLinkLocal(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.IsIPv6LinkLocal || (plain.AddressFamily == AddressFamily.InterNetwork && plain.GetAddressBytes() is [169, 254, _, _]);
    }
}
