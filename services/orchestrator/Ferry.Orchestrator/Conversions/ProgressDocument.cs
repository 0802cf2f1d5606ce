using Ferry.Contracts.Conversions;
using Ferry.Hosting.Documents;

namespace Ferry.Orchestrator.Conversions;

/// <summary>The newest progress of one disk of one step; may be lost, and is worth nothing when the step has ended.</summary>
public sealed class ProgressDocument : IDocument
{
    /// <summary>The collection and its indexes.</summary>
    public static readonly CollectionDefinition Collection = new("orchestrator.progress", ["conversionId"], ["waitReason"]);

    /// <summary>Conversion and disk.</summary>
    public required string Id { get; set; }

    /// <inheritdoc/>
    public long Version { get; set; }

    /// <summary>Id of the conversion.</summary>
    public required Guid ConversionId { get; set; }

    /// <summary>Attempt of the step.</summary>
    public required int Attempt { get; set; }

    /// <summary>The reason in <see cref="Progress"/>, where it can be searched for; null while it does not wait.</summary>
    public string? WaitReason { get; set; }

    /// <summary>The progress.</summary>
    public required DiskProgress Progress { get; set; }
}
