using Ferry.Contracts.Cleanup;
using Ferry.Hosting.Documents;

namespace Ferry.Cleanup.Store;

/// <summary>Asks for runs over the store, and looks at them. Thread-safe.</summary>
public sealed class StoreTasks(IDocumentStore store, TimeProvider time)
{
    /// <summary>The documents, one of each kind.</summary>
    public IDocumentCollection<StoreTask> Documents { get; } = store.Collection<StoreTask>(StoreTask.Collection);

    /// <summary>The current or last run of a kind, or null when none was ever asked for.</summary>
    public async Task<StoreTask?> GetAsync(string kind, CancellationToken cancellationToken) =>
        await Documents.GetAsync(kind, cancellationToken) is { } task && task.RunId != Guid.Empty ? task : null;

    /// <summary>Asks for a run; the one that waits or runs already is taken, whatever it was asked for with.</summary>
    public async Task<StoreTask> RequestAsync(string kind, bool dryRun, CancellationToken cancellationToken)
    {
        while (true)
        {
            var before = await Documents.GetAsync(kind, cancellationToken);
            if (before is { Ended: false })
            {
                return before;
            }

            var now = time.GetUtcNow();
            var task = new StoreTask
            {
                Id = kind,
                Version = before?.Version ?? 0,
                RunId = Guid.CreateVersion7(now),
                DryRun = dryRun,
                RequestedAt = now,
                ClaimableAt = await store.GetTimeAsync(cancellationToken),
                Epoch = before?.Epoch ?? 0,
                LastMark = before?.LastMark,
            };
            if (before is null ? await Documents.TryInsertAsync(task, cancellationToken) : await Documents.TryReplaceAsync(task, cancellationToken))
            {
                return task;
            }
        }
    }

    /// <summary>Asks for a collection when the last one ended so long ago; the first is due so long after the first start.</summary>
    public async Task ScheduleAsync(TimeSpan every, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var last = await Documents.GetAsync(StoreTaskKind.Collection, cancellationToken);
        if (last is null)
        {
            await Documents.TryInsertAsync(new StoreTask { Id = StoreTaskKind.Collection, State = StoreTaskState.Done, RequestedAt = now, EndedAt = now }, cancellationToken);
        }
        else if (last is { Ended: true, EndedAt: { } ended } && now - ended >= every)
        {
            await RequestAsync(StoreTaskKind.Collection, dryRun: false, cancellationToken);
        }
    }

    /// <summary>Takes a service's answer to the question that is open now.</summary>
    public async Task AnswerAsync(LiveManifestsListed answer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(answer);
        while (await Documents.GetAsync(StoreTaskKind.Collection, cancellationToken) is { State: StoreTaskState.Running } task && task.Question == answer.CollectionId)
        {
            task.Answers.RemoveAll(earlier => earlier.Service == answer.Service);
            task.Answers.Add(new LiveAnswer(answer.Service, answer.Manifests));
            if (await Documents.TryReplaceAsync(task, cancellationToken))
            {
                return;
            }
        }
    }
}
