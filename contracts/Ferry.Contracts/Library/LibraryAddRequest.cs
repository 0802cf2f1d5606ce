using Ferry.Contracts.Transfer;

namespace Ferry.Contracts.Library;

/// <summary>A machine to bring into the library: the body of <c>POST /api/v1/library</c>.</summary>
public sealed record LibraryAddRequest
{
    /// <summary>Id, chosen by the client: the same request again with the same id is the same machine. It is the id of the transfer job, too.</summary>
    public required Guid Id { get; init; }

    /// <summary>A .vmx, .ovf, .ova or disk image: an http(s) URL without user and password, or an absolute path of the server.</summary>
    public required string Source { get; init; }

    /// <summary>Name in the library, or null for that of the source's file.</summary>
    public string? Name { get; init; }

    /// <summary>Format of a bare disk image: <c>raw</c> when the content cannot tell; null to detect.</summary>
    public string? SourceFormat { get; init; }

    /// <summary>Priority of the transfer.</summary>
    public TransferPriority Priority { get; init; } = TransferPriority.Normal;

    /// <summary>Name of the source's credential, or null for the one, if any, that is set for the source's host. Never the secret itself.</summary>
    public string? Credential { get; init; }

    /// <summary>Name of the link whose limit the transfer uses, or null for the links that are set for the source's host.</summary>
    public string? Link { get; init; }
}
