namespace Ferry.Transfer.Uploads;

/// <summary>A request of an upload's client is refused.</summary>
/// <param name="status">HTTP status.</param>
/// <param name="code">One of docs/errors.md.</param>
/// <param name="detail">What happened and what to do, for people. Holds nothing of the request's body.</param>
/// <param name="retryAfter">When it may be tried again unchanged; null: it would be refused again.</param>
/// <param name="inner">The cause.</param>
public sealed class UploadRefusedException(int status, string code, string detail, TimeSpan? retryAfter = null, Exception? inner = null) : Exception(detail, inner)
{
    /// <summary>HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>Error code.</summary>
    public string Code { get; } = code;

    /// <summary>When it may be tried again unchanged, or null.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
