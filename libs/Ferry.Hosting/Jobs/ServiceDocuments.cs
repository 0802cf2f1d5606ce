using Ferry.Hosting.Documents;
using Ferry.Hosting.Ledger;

namespace Ferry.Hosting.Jobs;

/// <summary>The collections that Hosting keeps for one service. Nobody else reads them.</summary>
internal sealed class ServiceDocuments(IDocumentStore store, string service)
{
    /// <summary>Name of the service.</summary>
    public string Service { get; } = service;

    /// <summary>Leased jobs.</summary>
    public IDocumentCollection<JobDocument> Jobs { get; } = store.Collection<JobDocument>(
        new CollectionDefinition($"{service}.jobs", ["kind", "claimableAt"], ["conversionId"], ["hasPending"]));

    /// <summary>Proven slices.</summary>
    public IDocumentCollection<SliceDocument> Slices { get; } = store.Collection<SliceDocument>(
        new CollectionDefinition($"{service}.slices", ["jobId", "first"], ["conversionId"]));

    /// <summary>Conversions whose jobs rest, or have rested.</summary>
    public IDocumentCollection<HoldDocument> Holds { get; } = store.Collection<HoldDocument>(new CollectionDefinition($"{service}.holds"));

    /// <summary>Recorded resources.</summary>
    public IDocumentCollection<ResourceDocument> Ledger { get; } = store.Collection<ResourceDocument>(
        new CollectionDefinition($"{service}.ledger", ["conversionId"], ["recordedAt"], ["place"]));

    /// <summary>The store's clock.</summary>
    public ValueTask<DateTimeOffset> NowAsync(CancellationToken cancellationToken) => store.GetTimeAsync(cancellationToken);
}
