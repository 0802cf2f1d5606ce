namespace Ferry.Transfer.Sources;

/// <summary>URLs of sources as they may be shown: user, password and query may be secrets.</summary>
public static class SourceUrl
{
    /// <summary>Scheme, host, port and path.</summary>
    public static string Show(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
    }

    /// <summary>Host and port: what slots and limits are about.</summary>
    public static string HostOf(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return $"{url.Host.ToLowerInvariant()}:{url.Port}";
    }
}
