namespace Ferry.Contracts.Library;

/// <summary>Command to capture: which files does a machine's source consist of? Ends with <see cref="SourceFilesListed"/>, or <c>StepFailed</c> of the step <c>list-files</c>.</summary>
public sealed record ListSourceFiles
{
    /// <summary>Id of the request to the library; no conversion has it.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>Attempt, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>Path or URL of a .vmx, .ovf, .ova or disk image.</summary>
    public required string Source { get; init; }

    /// <summary>Format of a bare disk image, or null to detect.</summary>
    public string? SourceFormat { get; init; }

    /// <summary>Name of the credential of the source's host, or null for the one that is set for it.</summary>
    public string? Credential { get; init; }
}
