namespace Ferry.Contracts.Library;

/// <summary>Event of the orchestrator: who reads a machine of the library.</summary>
public sealed record LibraryUseChecked
{
    /// <summary>Id of the removal.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>Conversions that have not ended and read it.</summary>
    public required IReadOnlyList<Guid> Conversions { get; init; }
}
