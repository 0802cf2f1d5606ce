using Ferry.Contracts;

namespace Ferry.Hosting.Jobs;

/// <summary>An expected failure of a job, with the code and words that the operator sees.</summary>
public sealed class JobFailedException(Failure failure, Exception? inner = null, IReadOnlyList<Finding>? findings = null) : Exception(failure.Message, inner)
{
    /// <summary>The failure.</summary>
    public Failure Failure { get; } = failure;

    /// <summary>Findings that explain it.</summary>
    public IReadOnlyList<Finding> Findings { get; } = findings ?? [];
}
