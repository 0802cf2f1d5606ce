using System.Net;
using System.Net.Sockets;

namespace Ferry.Capture.Sources;

/// <summary>
/// The HTTP client for sources: no redirects, cookies, proxy or ambient credentials. Where no hosts are listed, link-local addresses, at which clouds keep
/// their metadata services, are not connected to; the address is checked that is connected to, so that a changed DNS answer changes nothing.
/// </summary>
public static class SourceClient
{
    /// <summary>Creates the client.</summary>
    public static HttpClient Create(SourcesOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = TimeSpan.FromSeconds(15),
            ConnectCallback = (context, cancellationToken) => ConnectAsync(context, options.AllowedHosts.Count == 0, cancellationToken),
        };
        return new HttpClient(handler)
        {
            DefaultRequestVersion = HttpVersion.Version11,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = TimeSpan.FromMinutes(2),
        };
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, bool refuseLinkLocal, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken);
        var allowed = refuseLinkLocal ? [.. addresses.Where(address => !IsLinkLocal(address))] : addresses;
        if (allowed.Length == 0)
        {
            throw new HttpRequestException($"{context.DnsEndPoint.Host} has no address that may be connected to.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool IsLinkLocal(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.IsIPv6LinkLocal || (plain.AddressFamily == AddressFamily.InterNetwork && plain.GetAddressBytes() is [169, 254, _, _]);
    }
}
