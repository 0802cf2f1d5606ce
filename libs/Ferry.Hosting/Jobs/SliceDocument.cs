using Ferry.Hosting.Documents;

namespace Ferry.Hosting.Jobs;

/// <summary>A proven slice: a range of chunks whose bytes are durable, with what is needed to go on behind it after a crash.</summary>
public sealed class SliceDocument : IDocument
{
    /// <summary>Job id and first chunk.</summary>
    public required string Id { get; set; }

    /// <inheritdoc/>
    public long Version { get; set; }

    /// <summary>The job.</summary>
    public required string JobId { get; set; }

    /// <summary>Id of the conversion.</summary>
    public required Guid ConversionId { get; set; }

    /// <summary>Index of the first chunk.</summary>
    public required long First { get; set; }

    /// <summary>Number of chunks.</summary>
    public required int Count { get; set; }

    /// <summary>Lease epoch of the worker that proved it.</summary>
    public required long Epoch { get; set; }

    /// <summary>One entry per chunk: state byte and 32 bytes of id each, as manifests know them.</summary>
    public required byte[] Entries { get; set; }

    /// <summary>Bytes that the slice dealt with.</summary>
    public required Contracts.Conversions.ByteCounts Bytes { get; set; }
}
