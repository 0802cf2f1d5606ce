namespace Ferry.Transfer.Sources;

/// <summary>The HTTP client for sources. Each read of a connection has its idle limit; a whole disk has none.</summary>
public static class SourceClient
{
    /// <summary>Creates the client.</summary>
    public static HttpClient Create(SourceGuard guard, TransferOptions options)
    {
        ArgumentNullException.ThrowIfNull(guard);
        ArgumentNullException.ThrowIfNull(options);
        return guard.Rules.CreateClient(Timeout.InfiniteTimeSpan, stream => new IdleTimeoutStream(stream, options.IdleTimeout));
    }
}
