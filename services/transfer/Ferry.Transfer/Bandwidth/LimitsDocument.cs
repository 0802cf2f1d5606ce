using System.Text.Json;
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

    /// <summary>The limits as JSON: names of hosts have dots, which are no good in names of fields.</summary>
    public required string Json { get; set; }

    /// <summary>The limits as their JSON.</summary>
    public static string Write(TransferLimits limits) => JsonSerializer.Serialize(limits, DocumentJson.Options);

    /// <summary>The limits.</summary>
    public TransferLimits Read() => JsonSerializer.Deserialize<TransferLimits>(Json, DocumentJson.Options)!;
}
