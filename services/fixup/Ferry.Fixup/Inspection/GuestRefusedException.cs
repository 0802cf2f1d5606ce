using Ferry.Contracts;

namespace Ferry.Fixup.Inspection;

/// <summary>The guest is refused: the findings say why and what to do. Nothing has been committed.</summary>
public sealed class GuestRefusedException(params IReadOnlyList<Finding> findings) : Exception(findings.FirstOrDefault(f => f.Severity == FindingSeverity.Error)?.Message)
{
    /// <summary>Everything that was found, at least one error.</summary>
    public IReadOnlyList<Finding> Findings { get; } = findings;
}
