using Ferry.Chunks.Store;
using Ferry.Contracts;
using Ferry.Hosting;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Jobs;
using Microsoft.Extensions.Options;

namespace Ferry.Cleanup.Store;

/// <summary>Does the runs of one kind that are asked for, one at a time over all replicas.</summary>
public sealed class StoreTaskRunner(
    IStoreWork work, IDocumentStore store, StoreTasks tasks, IOptions<CollectionOptions> options, TimeProvider time, ILogger<StoreTaskRunner> logger)
    : RepeatedService(options.Value.Poll, time)
{
    private const int BeatsPerLease = 4;
    private readonly CollectionOptions options = options.Value;

    /// <summary>Does the run that waits, if there is one.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (await StoreTaskLease.ClaimAsync(store, tasks.Documents, work.Kind, options.Lease, cancellationToken) is not { } lease)
        {
            return false;
        }

        Log.StoreTaskBegins(logger, work.Kind, lease.Task.RunId, lease.Task.Epoch);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var beating = BeatAsync(lease, stop);
        try
        {
            var result = await work.RunAsync(lease, stop.Token);
            await EndAsync(lease, result(DocumentUpdate.Set("state", StoreTaskState.Done)));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Log.StoreTaskLost(logger, work.Kind, lease.Task.RunId);
        }
        catch (ChunkStoreException exception)
        {
            await FailAsync(lease, exception, new Failure
            {
                Code = exception.Code, Message = exception.Message, Where = exception.Place ?? "", Remedy = "Nothing that is needed was deleted. See docs/errors.md.",
            });
        }
        catch (JobFailedException exception)
        {
            await FailAsync(lease, exception, exception.Failure);
        }
        finally
        {
            await stop.CancelAsync();
            await beating.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return true;
    }

    /// <inheritdoc/>
    protected override async Task RoundAsync(bool first, CancellationToken stoppingToken)
    {
        while (await RunOnceAsync(stoppingToken))
        {
        }
    }

    /// <inheritdoc/>
    protected override void RoundFailed(Exception exception) =>
        Log.StoreTaskBroke(logger, exception, work.Kind); // When the lease has run out the run begins again.

    private async Task FailAsync(StoreTaskLease lease, Exception exception, Failure failure)
    {
        Log.StoreTaskFailed(logger, exception, work.Kind, lease.Task.RunId, failure.Code);
        await EndAsync(lease, DocumentUpdate.Set("state", StoreTaskState.Failed).AndSet("failure", failure));
    }

    private Task<bool> EndAsync(StoreTaskLease lease, DocumentUpdate end) =>
        lease.EndAsync(end.AndSet("endedAt", Time.GetUtcNow()).AndSet("answers", Array.Empty<LiveAnswer>()), CancellationToken.None);

    private async Task BeatAsync(StoreTaskLease lease, CancellationTokenSource stop)
    {
        using var timer = new PeriodicTimer(options.Lease / BeatsPerLease, Time);
        while (await timer.WaitForNextTickAsync(stop.Token))
        {
            if (await lease.WriteAsync(update => update, stop.Token) is null)
            {
                await stop.CancelAsync();
            }
        }
    }
}
