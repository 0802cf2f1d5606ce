using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Ferry.Transfer.Sources;

/// <summary>Decides which URLs and addresses may be connected to: a source's URL comes from outside and must not reach what only this machine may (SSRF).</summary>
public sealed class SourceGuard(IOptions<SourcesOptions> options)
{
    /// <summary>Checks a source's URL.</summary>
    /// <exception cref="Hosting.Jobs.JobFailedException"><see cref="TransferErrors.SourceNotAllowed"/>.</exception>
    public Uri Check(string location)
    {
        if (!Uri.TryCreate(location, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
        {
            throw TransferFailures.Create(
                TransferErrors.OriginNotRemote, "The manifest's origin is not an http or https URL.", location, "A source in the library share needs no transfer.");
        }

        if (url.UserInfo.Length > 0)
        {
            throw Refused(url, "holds credentials", "Name the source without user and password.");
        }

        return IsListed(url) ? url : throw Refused(url, "is not among the allowed hosts", $"Add it to {SourcesOptions.SectionName}:{nameof(SourcesOptions.AllowedHosts)}.");
    }

    /// <summary>Connects to an allowed address of the host; the address is checked that is connected to, so that a changed DNS answer changes nothing.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken);
        var allowed = options.Value.AllowedHosts.Count > 0 ? addresses : [.. addresses.Where(address => !IsLinkLocal(address))];
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

    private bool IsListed(Uri url) => options.Value.AllowedHosts.Count == 0 || options.Value.AllowedHosts.Any(host =>
        string.Equals(host, url.Host, StringComparison.OrdinalIgnoreCase)
        || string.Equals(host, $"{url.Host}:{url.Port}", StringComparison.OrdinalIgnoreCase)
        || (host.StartsWith("*.", StringComparison.Ordinal) && url.Host.EndsWith(host[1..], StringComparison.OrdinalIgnoreCase)));

    private static bool IsLinkLocal(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.IsIPv6LinkLocal || (plain.AddressFamily == AddressFamily.InterNetwork && plain.GetAddressBytes() is [169, 254, _, _]);
    }

    private static Hosting.Jobs.JobFailedException Refused(Uri url, string why, string remedy) => TransferFailures.Create(
        TransferErrors.SourceNotAllowed, $"The source {url.Host} {why}.", url.Host, remedy);
}
