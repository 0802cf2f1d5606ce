using Ferry.Hosting.Documents;

namespace Ferry.Hosting.Ledger;

/// <summary>A resource outside the store (a partial image, a snapshot, an export), written down before it is made, so that a crash leaves nothing unknown.</summary>
public sealed class ResourceDocument : IDocument
{
    /// <summary>Conversion, kind and place: recording twice is recording once.</summary>
    public required string Id { get; set; }

    /// <inheritdoc/>
    public long Version { get; set; }

    /// <summary>Id of the conversion.</summary>
    public required Guid ConversionId { get; set; }

    /// <summary>Kind: which releaser removes it.</summary>
    public required string Kind { get; set; }

    /// <summary>Path or name of the resource.</summary>
    public required string Place { get; set; }

    /// <summary>When it was recorded, UTC.</summary>
    public required DateTimeOffset RecordedAt { get; set; }
}
