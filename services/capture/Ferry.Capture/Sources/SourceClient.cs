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
        return new HostRules([.. options.AllowedHosts]).CreateClient(AnswerTimeout);
    }
}
