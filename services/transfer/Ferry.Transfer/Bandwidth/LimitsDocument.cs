using Ferry.Contracts.Transfer;
using Ferry.Hosting.Documents;

namespace Ferry.Transfer.Bandwidth;

/// <summary>The limits of all transfers: one document.</summary>
public sealed class LimitsDocument : IDocument
{
    /// <summary>The collection.</summary>
    public static readonly CollectionDefinition Collection = new("transfer.limits");

    /// <summary>Id of the only document.</summary>
    public const string TheId = "limits";

    /// <inheritdoc/>
    public string Id { get; set; } = TheId;

    /// <inheritdoc/>
    public long Version { get; set; }

    /// <summary>The limits.</summary>
    public required TransferLimits Limits { get; set; }
}
