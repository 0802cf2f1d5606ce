using Ferry.Hosting.Documents;

namespace Ferry.Transfer.Bandwidth;

/// <summary>Which limits one replica uses now: a lease, as long as which it has its share of them.</summary>
public sealed class ShareDocument : IDocument
{
    /// <summary>The collection.</summary>
    public static readonly CollectionDefinition Collection = new("transfer.shares", ["expiresAt"]);

    /// <summary>The replica.</summary>
    public required string Id { get; set; }

    /// <inheritdoc/>
    public long Version { get; set; }

    /// <summary>Names of the limits that its jobs are under.</summary>
    public required IReadOnlyList<string> Limits { get; set; }

    /// <summary>End of the lease, by the store's clock.</summary>
    public required DateTimeOffset ExpiresAt { get; set; }
}
