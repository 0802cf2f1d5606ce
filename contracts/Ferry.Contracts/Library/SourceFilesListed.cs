namespace Ferry.Contracts.Library;

/// <summary>Event of capture: the files that a machine's source consists of. All can be read, and belong to one machine that can be captured.</summary>
public sealed record SourceFilesListed
{
    /// <summary>Id of the request to the library.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>Attempt, as in the command.</summary>
    public required int Attempt { get; init; }

    /// <summary>Name of the file that the machine begins with.</summary>
    public required string Descriptor { get; init; }

    /// <summary>The files, the descriptor first.</summary>
    public required IReadOnlyList<SourceFile> Files { get; init; }
}
