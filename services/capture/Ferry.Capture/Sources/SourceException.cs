using Ferry.Contracts;

namespace Ferry.Capture.Sources;

/// <summary>The one exception of capture: a source that cannot be read, with the code and words that the operator sees.</summary>
public sealed class SourceException(Failure failure, Exception? inner = null) : Exception(failure.Message, inner)
{
    /// <summary>The failure.</summary>
    public Failure Failure { get; } = failure;

    /// <summary>Makes the exception of its parts.</summary>
    /// <param name="code">One of <see cref="SourceErrors"/>.</param>
    /// <param name="message">What happened.</param>
    /// <param name="where">File, line or key.</param>
    /// <param name="remedy">What the operator should do.</param>
    /// <param name="inner">The cause, or null.</param>
    public static SourceException Of(string code, string message, string where, string remedy, Exception? inner = null) =>
        new(new Failure { Code = code, Message = message, Where = where, Remedy = remedy, Retryable = code == SourceErrors.InputOutput }, inner);
}
