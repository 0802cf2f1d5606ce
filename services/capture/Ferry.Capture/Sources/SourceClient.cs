using Ferry.DiskImages.Sources;

namespace Ferry.Capture.Sources;

/// <summary>The HTTP client for sources: only metadata is read with it, so an answer has two minutes.</summary>
public static class SourceClient
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromMinutes(2);

    /// <summary>Creates the client.</summary>
    public static HttpClient Create(SourcesOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var credentials = new SourceCredentials(options.Credentials.AsReadOnly(), secretsFolder: null);
        return HostRules.ClientOver(new CredentialHandler(credentials, new HostRules([.. options.AllowedHosts]).CreateHandler()), ownsHandler: true, AnswerTimeout);
    }
}
