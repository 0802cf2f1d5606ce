using Ferry.DiskImages.Sources;

namespace Ferry.Capture.Sources;

/// <summary>The HTTP client for sources: only metadata is read with it, so an answer has two minutes.</summary>
public static class SourceClient
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromMinutes(2);

    /// <summary>Creates the client.</summary>
    /// <param name="options">Which hosts may be asked, and the credentials.</param>
    /// <param name="credential">Name of the credential to use, or null for the one of the host.</param>
    public static HttpClient Create(SourcesOptions options, string? credential = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var credentials = new SourceCredentials(options.Credentials.AsReadOnly(), options.SecretsFolder);
        var handler = new CredentialHandler(credentials, new HostRules([.. options.AllowedHosts]).CreateHandler(), credential);
        return HostRules.ClientOver(handler, ownsHandler: true, AnswerTimeout);
    }
}
