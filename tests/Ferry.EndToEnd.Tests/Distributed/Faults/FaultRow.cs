namespace Ferry.EndToEnd.Tests.Distributed.Faults;

/// <summary>One run of the matrix.</summary>
/// <param name="Fault">What is done.</param>
/// <param name="Step">In which step.</param>
/// <param name="Point">The fault point at which the worker of <paramref name="Service"/> is killed, or stopped until the fault has been done.</param>
public sealed record FaultRow(FaultKind Fault, FaultStep Step, string Point)
{
    /// <summary>The service that has the fault point.</summary>
    public string Service { get; init; } = Step.ToString().ToLowerInvariant();

    /// <summary>The code with which the conversion fails, or null: it completes.</summary>
    public string? Failure { get; init; }

    /// <summary>Whether the conversion is cancelled.</summary>
    public bool Cancelled { get; init; }

    /// <summary>The step in which one worker has to follow another, or null.</summary>
    public string? TakenOver { get; init; }

    /// <summary>Whether the worker has moved bytes that it has not proven when it is killed.</summary>
    public bool Resends { get; init; }

    /// <summary>Whether the run is one of the quick subset.</summary>
    public bool Quick { get; init; }
}
