using Ferry.Hosting.Documents;
using Ferry.Hosting.Jobs;

namespace Ferry.Hosting.Ledger;

/// <summary>What a service has made, or was about to make, outside the store.</summary>
internal sealed class ResourceLedger(ServiceDocuments documents, TimeProvider time)
{
    /// <summary>Writes a resource down, before it is made. Twice is once.</summary>
    public async Task RecordAsync(Guid conversion, string kind, string place, CancellationToken cancellationToken) =>
        await documents.Ledger.TryInsertAsync(
            new ResourceDocument { Id = Id(conversion, kind, place), ConversionId = conversion, Kind = kind, Place = place, RecordedAt = time.GetUtcNow() },
            cancellationToken).ConfigureAwait(false);

    /// <summary>Takes a resource out.</summary>
    public async Task ForgetAsync(Guid conversion, string kind, string place, CancellationToken cancellationToken) =>
        await documents.Ledger.DeleteAsync(Id(conversion, kind, place), cancellationToken).ConfigureAwait(false);

    /// <summary>What is written down for a conversion, the latest first: what was made last, or lies deeper, is removed first.</summary>
    public async Task<IReadOnlyList<ResourceDocument>> ListAsync(Guid conversion, CancellationToken cancellationToken) =>
        [.. (await documents.Ledger.QueryAsync(DocumentQuery.Where("conversionId", conversion), cancellationToken).ConfigureAwait(false))
            .OrderByDescending(entry => entry.RecordedAt).ThenByDescending(entry => entry.Place.Length)];

    private static string Id(Guid conversion, string kind, string place) => $"{conversion:N}/{kind}/{place}";
}
