namespace Ferry.Contracts.Transfer;

/// <summary>Command to transfer: bring every origin chunk of a remote manifest into the chunk store.</summary>
public sealed record TransferDisk
{
    /// <summary>Id of the conversion.</summary>
    public required Guid ConversionId { get; init; }

    /// <summary>Attempt of the step, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>Index of the disk.</summary>
    public required int Disk { get; init; }

    /// <summary>Root id of the manifest to complete.</summary>
    public required string Manifest { get; init; }

    /// <summary>
    /// Root id of the manifest that an earlier transfer of the same disk made, or null: the store lost chunks of it, and only those that are not there or not sound are moved again.
    /// </summary>
    public string? KnownManifest { get; init; }
}
