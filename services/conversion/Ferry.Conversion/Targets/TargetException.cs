using Ferry.Contracts;

namespace Ferry.Conversion.Targets;

/// <summary>A target that cannot take the machine, with the code and words that the operator sees.</summary>
public sealed class TargetException(Failure failure) : Exception(failure.Message)
{
    /// <summary>The failure; never worth a retry.</summary>
    public Failure Failure { get; } = failure;

    /// <summary>Makes the exception of its parts.</summary>
    /// <param name="code">One of <see cref="TargetErrors"/>.</param>
    /// <param name="message">What does not fit.</param>
    /// <param name="remedy">What the operator should do.</param>
    public static TargetException Of(string code, string message, string remedy) => new(new Failure { Code = code, Message = message, Remedy = remedy });
}
