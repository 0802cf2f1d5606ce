using Ferry.Hosting.Documents;

namespace Ferry.Transfer.Fetching;

/// <summary>The slice that one connection of one worker began last: what a successor may receive once more.</summary>
public sealed class ReceivingDocument : IDocument
{
    /// <summary>The collection.</summary>
    public static readonly CollectionDefinition Collection = new("transfer.receiving", ["jobId"]);

    /// <summary>Leased job, epoch and connection.</summary>
    public required string Id { get; set; }

    /// <inheritdoc/>
    public long Version { get; set; }

    /// <summary>The leased job.</summary>
    public required string JobId { get; set; }

    /// <summary>Lease epoch of the worker.</summary>
    public required long Epoch { get; set; }

    /// <summary>First chunk, counted as in the job's slices.</summary>
    public required long First { get; set; }

    /// <summary>Number of chunks.</summary>
    public required int Count { get; set; }
}
