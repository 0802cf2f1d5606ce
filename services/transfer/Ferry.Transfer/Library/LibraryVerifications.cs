using Ferry.Hosting.Documents;
using Ferry.Hosting.Jobs;

namespace Ferry.Transfer.Library;

/// <summary>The verifications of machines, one at a time for each. Safe for concurrent use.</summary>
public sealed class LibraryVerifications(IDocumentStore store, [FromKeyedServices("transfer")] IJobQueue queue, TimeProvider time)
{
    /// <summary>The documents.</summary>
    public IDocumentCollection<LibraryVerificationDocument> Documents { get; } = store.Collection<LibraryVerificationDocument>(LibraryVerificationDocument.Collection);

    /// <summary>The verification of a machine that runs, or the last one; null when there was none.</summary>
    public ValueTask<LibraryVerificationDocument?> GetAsync(string name, CancellationToken cancellationToken) =>
        Documents.GetAsync(LibraryEntryDocument.IdOf(name), cancellationToken);

    /// <summary>Begins to verify a machine, or finds the verification that runs.</summary>
    public async Task<LibraryVerificationDocument> BeginAsync(string name, CancellationToken cancellationToken)
    {
        while (true)
        {
            var before = await GetAsync(name, cancellationToken);
            if (before is { Ended: false })
            {
                await SubmitAsync(before, cancellationToken);
                return before;
            }

            var now = time.GetUtcNow();
            var run = new LibraryVerificationDocument
            {
                Id = LibraryEntryDocument.IdOf(name), Version = before?.Version ?? 0, Name = name, RunId = Guid.CreateVersion7(now), StartedAt = now,
            };
            if (before is null ? await Documents.TryInsertAsync(run, cancellationToken) : await Documents.TryReplaceAsync(run, cancellationToken))
            {
                await SubmitAsync(run, cancellationToken);
                return run;
            }
        }
    }

    /// <summary>Makes the jobs of verifications that have none, because a crash came in between. Harmless for the others.</summary>
    public async Task SubmitMissingAsync(CancellationToken cancellationToken)
    {
        foreach (var run in await Documents.QueryAsync(DocumentQuery.Where("ended", false), cancellationToken))
        {
            await SubmitAsync(run, cancellationToken);
        }
    }

    /// <summary>Writes how far a run is, or how it ended; false when another run has taken its place.</summary>
    public async Task<LibraryVerificationDocument?> ChangeAsync(string name, Guid runId, Action<LibraryVerificationDocument> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        while (await GetAsync(name, cancellationToken) is { Ended: false } run && run.RunId == runId)
        {
            change(run);
            if (await Documents.TryReplaceAsync(run, cancellationToken))
            {
                return run;
            }
        }

        return null;
    }

    private Task SubmitAsync(LibraryVerificationDocument run, CancellationToken cancellationToken) =>
        queue.SubmitAsync(run.Key(), new VerifyMachine { Name = run.Name, RunId = run.RunId }, cancellationToken);
}
