namespace Ferry.Contracts.Transfer;

/// <summary>One file of a new transfer job: exactly one of <see cref="Source"/> and <see cref="Manifest"/> says what.</summary>
public sealed record TransferFileRequest
{
    /// <summary>An http(s) URL of a file, without user and password.</summary>
    public string? Source { get; init; }

    /// <summary>Root id of a manifest with chunks at an http(s) origin.</summary>
    public string? Manifest { get; init; }

    /// <summary>
    /// A relative path in the library share, at which the file appears when it is complete and verified; null: its chunks go into the chunk store, and the result is a manifest.
    /// Only for a <see cref="Source"/>.
    /// </summary>
    public string? Destination { get; init; }
}
