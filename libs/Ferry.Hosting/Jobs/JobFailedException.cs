using Ferry.Contracts;

namespace Ferry.Hosting.Jobs;

/// <summary>An expected failure of a job, with the code and words that the operator sees.</summary>
public sealed class JobFailedException(Failure failure, Exception? inner = null, IReadOnlyList<Finding>? findings = null) : Exception(failure.Message, inner)
{
    /// <summary>The failure.</summary>
    public Failure Failure { get; } = failure;

    /// <summary>
    /// A reason of <see cref="WaitingFor"/>, such as <c>space</c>, when the job cannot go on before something outside of it changes: then it has not failed but waits, and is
    /// tried again by itself as long as it takes. Null: it has failed.
    /// </summary>
    public string? WaitReason { get; init; }

    /// <summary>Findings that explain it.</summary>
    public IReadOnlyList<Finding> Findings { get; } = findings ?? [];
}
