namespace Ferry.Contracts.Library;

/// <summary>Command to the orchestrator: does a conversion that has not ended read a machine of the library? Answered with <see cref="LibraryUseChecked"/>.</summary>
public sealed record CheckLibraryUse
{
    /// <summary>Id of the removal that waits for the answer.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>Name of the machine.</summary>
    public required string Name { get; init; }

    /// <summary>Absolute path of its folder: a conversion may name a file in it.</summary>
    public required string Folder { get; init; }
}
