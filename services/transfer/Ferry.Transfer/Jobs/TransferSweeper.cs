using Ferry.Contracts;
using Ferry.Contracts.Transfer;
using Ferry.Hosting;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Jobs;
using Microsoft.Extensions.Options;

namespace Ferry.Transfer.Jobs;

/// <summary>Finishes calls that a crash interrupted, and tells jobs of leased jobs that ended without them: cancelled with their conversion, or given up by the worker. Removes jobs that ended long ago.</summary>
public sealed class TransferSweeper(
    TransferJobStore store, TransferJobs jobs, [FromKeyedServices("transfer")] IJobQueue queue, IOptions<TransferOptions> options, TimeProvider time, ILogger<TransferSweeper> logger)
    : RepeatedService(TimeSpan.FromSeconds(5), time)
{
    private static readonly TimeSpan Young = TimeSpan.FromSeconds(5);

    private const int MostPruned = 100;

    private static readonly TransferJobState[] Unfinished =
    [
        TransferJobState.Queued, TransferJobState.Connecting, TransferJobState.Transferring, TransferJobState.Suspended, TransferJobState.TransientError, TransferJobState.Error,
    ];

    /// <summary>One round.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var young = Time.GetUtcNow() - Young;
        foreach (var job in await store.Documents.QueryAsync(DocumentQuery.Where("unfinishedCall", true), cancellationToken))
        {
            if (job.ChangedAt < young)
            {
                await TryAsync(job, () => jobs.FinishAsync(job, cancellationToken), cancellationToken);
            }
        }

        var unfinished = new List<TransferJobDocument>();
        foreach (var state in Unfinished)
        {
            unfinished.AddRange(await store.Documents.QueryAsync(DocumentQuery.Where("state", state), cancellationToken));
        }

        TransferTelemetry.Observe(unfinished);
        foreach (var job in unfinished.Where(job => job.State != TransferJobState.Error && job.ChangedAt < young))
        {
            await TryAsync(job, () => AlignAsync(job, cancellationToken), cancellationToken);
        }

        await PruneAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task RoundAsync(bool first, CancellationToken stoppingToken) => SweepAsync(stoppingToken);

    /// <inheritdoc/>
    protected override void RoundFailed(Exception exception) => Log.CallUnfinished(logger, exception, "*");

    // A conversion's jobs in the queue go with the conversion.
    private async Task PruneAsync(CancellationToken cancellationToken)
    {
        var before = Time.GetUtcNow() - options.Value.KeepEnded;
        foreach (var state in new[] { TransferJobState.Acknowledged, TransferJobState.Cancelled })
        {
            var old = DocumentQuery.Where("state", state).And("changedAt", Comparison.Less, before).And("unfinishedCall", false).And("hasPending", false).Limit(MostPruned);
            foreach (var job in await store.Documents.QueryAsync(old, cancellationToken))
            {
                if (job.ConversionId is null)
                {
                    await queue.ForgetEndedAsync(job.Key().ConversionId, cancellationToken);
                }

                await store.Documents.DeleteAsync(job.Id, cancellationToken);
            }
        }
    }

    private async Task AlignAsync(TransferJobDocument job, CancellationToken cancellationToken)
    {
        var key = job.Key();
        var leased = (await queue.GetJobsAsync(key.ConversionId, cancellationToken)).FirstOrDefault(candidate => candidate.Id == key.ToString());
        if (leased is { State: JobState.Cancelled })
        {
            await store.MoveAsync(job.Id, TransferTrigger.Cancel, null, cancellationToken);
        }
        else if (leased is { State: JobState.Failed, Failure: { } failure } && TransferTransitions.Next(job.State, TransferTrigger.Fault) is not null)
        {
            await store.MoveAsync(job.Id, TransferTrigger.Fault, document => document.Failure = failure, cancellationToken);
        }
    }

    private async Task TryAsync(TransferJobDocument job, Func<Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work();
        }
#pragma warning disable CA1031 // One job that cannot be looked at must not keep the others from it.
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.CallUnfinished(logger, exception, job.Id);
        }
    }
}
