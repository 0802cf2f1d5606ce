using Ferry.Contracts.Transfer;
using Ferry.Hosting.Documents;
using Ferry.Transfer.Jobs;

namespace Ferry.Transfer.Bandwidth;

/// <summary>The stored limits. Safe for concurrent use.</summary>
public sealed class LimitsStore(IDocumentStore store, TransferHints hints)
{
    private readonly IDocumentCollection<LimitsDocument> documents = store.Collection<LimitsDocument>(LimitsDocument.Collection);

    /// <summary>The limits; of revision 0 when none were ever set.</summary>
    public async Task<TransferLimits> GetAsync(CancellationToken cancellationToken) =>
        (await documents.GetAsync(LimitsDocument.TheId, cancellationToken))?.Read() ?? new TransferLimits();

    /// <summary>Replaces the limits and tells every replica.</summary>
    /// <returns>The limits as they are then, or null when their revision is another than what is stored.</returns>
    /// <exception cref="BandwidthFormatException">They cannot be understood.</exception>
    public async Task<TransferLimits?> SetAsync(TransferLimits limits, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(limits);
        _ = LimitsBook.Read(limits);
        while (true)
        {
            var stored = await documents.GetAsync(LimitsDocument.TheId, cancellationToken);
            var revision = stored?.Read().Revision ?? 0;
            if (limits.Revision != 0 && limits.Revision != revision)
            {
                return null;
            }

            var next = limits with { Revision = revision + 1 };
            var document = stored ?? new LimitsDocument { Json = "" };
            document.Json = LimitsDocument.Write(next);
            if (stored is null ? await documents.TryInsertAsync(document, cancellationToken) : await documents.TryReplaceAsync(document, cancellationToken))
            {
                await hints.PublishAsync(new TransferLimitsChanged { Revision = next.Revision }, cancellationToken);
                return next;
            }
        }
    }
}
