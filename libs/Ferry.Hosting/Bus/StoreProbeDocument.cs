using Ferry.Hosting.Documents;

namespace Ferry.Hosting.Bus;

/// <summary>The document that is written to see whether the store takes writes: a full disk still answers reads.</summary>
internal sealed class StoreProbeDocument : IDocument
{
    /// <summary>The only id.</summary>
    public const string TheId = "probe";

    /// <summary>The collection.</summary>
    public static readonly CollectionDefinition Collection = new("hosting.probes");

    /// <inheritdoc/>
    public required string Id { get; set; }

    /// <inheritdoc/>
    public long Version { get; set; }

    /// <summary>When it was written last, UTC.</summary>
    public required DateTimeOffset WrittenAt { get; set; }
}
