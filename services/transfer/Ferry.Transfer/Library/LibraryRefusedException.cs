using Ferry.Contracts;

namespace Ferry.Transfer.Library;

/// <summary>What was asked of the library is refused; nothing was changed.</summary>
public sealed class LibraryRefusedException(string code, string message, string where, string remedy) : Exception(message)
{
    /// <summary>Why, and what to do.</summary>
    public Failure Failure { get; } = new() { Code = code, Message = message, Where = where, Remedy = remedy };
}
