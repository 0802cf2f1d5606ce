namespace Ferry.Contracts.Transfer;

/// <summary>A new transfer job: the body of <c>POST /api/v1/transfers</c>.</summary>
public sealed record TransferJobRequest
{
    /// <summary>Id, chosen by the client: the same request again with the same id is the same job.</summary>
    public required Guid Id { get; init; }

    /// <summary>Name for people, at most 200 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Who it belongs to, at most 200 characters; only said, not checked.</summary>
    public string Owner { get; init; } = "";

    /// <summary>Direction.</summary>
    public TransferJobType Type { get; init; } = TransferJobType.Download;

    /// <summary>Priority.</summary>
    public TransferPriority Priority { get; init; } = TransferPriority.Normal;

    /// <summary>From 1 to 200 files; they are moved one after the other.</summary>
    public required IReadOnlyList<TransferFileRequest> Files { get; init; }

    /// <summary>Name of the source's credential in <c>Ferry:Sources:Credentials</c> or in the secrets folder; null for the one, if any, that is set for the source's host. Never the secret itself.</summary>
    public string? Credential { get; init; }

    /// <summary>Name of the link whose limit it uses, or null for the links that are set for the source's host.</summary>
    public string? Link { get; init; }

    /// <summary>Upload: the machine whose disks the files are, for conversions of <c>upload:ID</c>; null when no conversion starts from it.</summary>
    public UploadMachine? Machine { get; init; }

    /// <summary>Whether it stays suspended until it is resumed.</summary>
    public bool Suspended { get; init; }

    /// <summary>Least seconds between a transient error and the next try, at least 1; null for the service's setting.</summary>
    public double? MinimumRetrySeconds { get; init; }

    /// <summary>Seconds from the first transient error without proven progress after which the job ends in Error; 0: every error does; null for the service's setting.</summary>
    public double? NoProgressSeconds { get; init; }
}
