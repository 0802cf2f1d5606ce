namespace Ferry.Agent.Capture;

/// <summary>Where Ferry is, as it was written on the command line.</summary>
internal static class ServerAddress
{
    /// <summary>The address, with a path that ends in a slash.</summary>
    /// <exception cref="AgentException">It is no https URL. A key and disks do not travel in the open; http is for this machine itself.</exception>
    public static Uri Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.UserInfo.Length > 0 || url.Query.Length > 0 || (url.Scheme != Uri.UriSchemeHttps && (url.Scheme != Uri.UriSchemeHttp || !url.IsLoopback)))
        {
            throw AgentException.Of(AgentErrors.Usage, "--server is not an https URL", text.Contains('@', StringComparison.Ordinal) ? "" : text, "Write it as https://ferry.example; http is for 127.0.0.1 only");
        }

        return url.AbsolutePath.EndsWith('/') ? url : new Uri($"{url.GetLeftPart(UriPartial.Path)}/");
    }
}
