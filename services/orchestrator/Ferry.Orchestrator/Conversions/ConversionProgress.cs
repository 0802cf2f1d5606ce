using System.Globalization;
using Ferry.Contracts.Conversions;
using Ferry.Contracts.Jobs;
using Ferry.Hosting.Documents;

namespace Ferry.Orchestrator.Conversions;

/// <summary>Keeps the newest progress of every disk, outside the saga's document. Thread-safe.</summary>
public sealed class ConversionProgress(IDocumentStore store)
{
    private readonly IDocumentCollection<ProgressDocument> documents = store.Collection<ProgressDocument>(ProgressDocument.Collection);

    /// <summary>Keeps what a service reports.</summary>
    public async Task RecordAsync(StepProgressed message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        var id = string.Create(CultureInfo.InvariantCulture, $"{message.ConversionId:N}/{message.Progress.Disk ?? -1}");
        var update = DocumentUpdate.Set("progress", message.Progress).AndSet("attempt", message.Attempt).AndSet("waitReason", message.Progress.WaitingFor?.Reason);
        if (await documents.UpdateFirstAsync(DocumentQuery.Where("id", id), update, cancellationToken) is null)
        {
            // Two first reports at once: the one that loses is a second old, and the next one comes in a second.
            _ = await documents.TryInsertAsync(
                new ProgressDocument
                {
                    Id = id, ConversionId = message.ConversionId, Attempt = message.Attempt, WaitReason = message.Progress.WaitingFor?.Reason, Progress = message.Progress,
                },
                cancellationToken);
        }
    }

    /// <summary>What the disks of conversions waited for when they were heard of last; also of conversions that have gone on or ended since.</summary>
    public async Task<IReadOnlyList<ProgressDocument>> WaitingAsync(CancellationToken cancellationToken) =>
        await documents.QueryAsync(DocumentQuery.Where("waitReason", Comparison.NotEqual, null), cancellationToken);

    /// <summary>Forgets what a disk waited for: its conversion does not wait any more.</summary>
    public async Task ForgetWaitAsync(ProgressDocument waited, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(waited);
        var unchanged = DocumentQuery.Where("id", waited.Id).And("version", waited.Version);
        await documents.UpdateFirstAsync(unchanged, DocumentUpdate.Set("waitReason", null), cancellationToken);
    }

    /// <summary>Progress of the step that runs now, one entry a disk.</summary>
    public async Task<IReadOnlyList<DiskProgress>> OfAsync(ConversionState state, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Steps is not [.., { Outcome: "running" } current])
        {
            return [];
        }

        var found = await documents.QueryAsync(DocumentQuery.Where("conversionId", state.CorrelationId).OrderBy("id"), cancellationToken);
        return [.. found.Where(x => x.Progress.Step == current.Step && x.Attempt == current.Attempt).Select(x => x.Progress)];
    }
}
