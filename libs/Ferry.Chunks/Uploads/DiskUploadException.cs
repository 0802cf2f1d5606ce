namespace Ferry.Chunks.Uploads;

/// <summary>The server refuses an upload for good, or was away for too long.</summary>
/// <param name="code">The server's error code, or <see cref="Unreachable"/>.</param>
/// <param name="message">What happened.</param>
/// <param name="inner">The cause.</param>
public sealed class DiskUploadException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>No answer within <see cref="DiskUploadOptions.GiveUpAfter"/>.</summary>
    public const string Unreachable = "SERVER_UNREACHABLE";

    /// <summary>Error code (docs/errors.md).</summary>
    public string Code { get; } = code;
}
