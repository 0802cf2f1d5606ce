using Ferry.Contracts.Cleanup;
using Ferry.Hosting.Documents;

namespace Ferry.Orchestrator.Residues;

/// <summary>What a service said last that it holds.</summary>
public sealed class HeldDocument : IDocument
{
    /// <summary>The collection.</summary>
    public static readonly CollectionDefinition Collection = new("orchestrator.held");

    /// <summary>Name of the service.</summary>
    public required string Id { get; set; }

    /// <inheritdoc/>
    public long Version { get; set; }

    /// <summary>What it said.</summary>
    public required ResourcesHeld Said { get; set; }
}
