using System.Globalization;
using Ferry.Hosting.Documents;

namespace Ferry.Transfer.Fetching;

/// <summary>
/// Says what was on its way when a worker died: each connection writes down which slice it begins. So the bytes that are received twice can be told; the number is the most it can
/// have been, as how much of the slice had arrived is not known. Safe for concurrent use.
/// </summary>
public sealed class ReceivingLog(IDocumentStore store)
{
    private readonly IDocumentCollection<ReceivingDocument> documents = store.Collection<ReceivingDocument>(ReceivingDocument.Collection);

    /// <summary>A connection begins a slice.</summary>
    public async ValueTask BeginAsync(string jobId, long epoch, int connection, long first, int count, CancellationToken cancellationToken)
    {
        System.Diagnostics.Activity.Current = null;
        var id = string.Create(CultureInfo.InvariantCulture, $"{jobId}/{epoch}/{connection}");
        var update = DocumentUpdate.Set("first", first).AndSet("count", count);
        if (await documents.UpdateFirstAsync(DocumentQuery.Where("id", id), update, cancellationToken) is null)
        {
            await documents.TryInsertAsync(new ReceivingDocument { Id = id, JobId = jobId, Epoch = epoch, First = first, Count = count }, cancellationToken);
        }
    }

    /// <summary>What earlier workers had begun last.</summary>
    public async ValueTask<IReadOnlyList<(long First, int Count)>> BegunBeforeAsync(string jobId, long epoch, CancellationToken cancellationToken) =>
        [.. (await documents.QueryAsync(DocumentQuery.Where("jobId", jobId).And("epoch", Comparison.Less, epoch), cancellationToken)).Select(begun => (begun.First, begun.Count))];

    /// <summary>The job is done.</summary>
    public async ValueTask ForgetAsync(string jobId, CancellationToken cancellationToken) =>
        await documents.DeleteManyAsync(DocumentQuery.Where("jobId", jobId), cancellationToken);
}
