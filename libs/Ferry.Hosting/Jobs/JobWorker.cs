using Ferry.Hosting.Documents;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ferry.Hosting.Jobs;

/// <summary>Claims the jobs of some kinds, by priority and then by age, and runs up to so many at a time.</summary>
internal sealed class JobWorker(
    ServiceDocuments documents,
    IReadOnlyList<string> kinds,
    int slots,
    JobRunner runner,
    JobSignals signals,
    JobOptions options,
    TimeProvider time,
    ILogger<JobWorker> logger) : BackgroundService
{
    private readonly string owner = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}";
    private readonly AsyncSignal wake = signals.ForWorker(documents.Service);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The host starts its services one after the other: the first store access must not hold up the rest.
        await Task.Yield();
        if (options.ReclaimAtStart)
        {
            await ReclaimAsync(stoppingToken).ConfigureAwait(false);
        }

        using var free = new SemaphoreSlim(slots, slots);
        var running = new List<Task>();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await free.WaitAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                break;
            }

            var claimedAt = time.GetTimestamp();
            var job = await ClaimAsync(stoppingToken).ConfigureAwait(false);
            if (job is null)
            {
                free.Release();
                await wake.WaitAsync(options.Poll, time, stoppingToken).ConfigureAwait(false);
                continue;
            }

            running.RemoveAll(task => task.IsCompletedSuccessfully);
            running.Add(RunAsync(job, claimedAt, free, stoppingToken));
        }

        // Every handler has been told to stop; each gives its lease back when it has.
        await Task.WhenAll(running).ConfigureAwait(false);
    }

    private async Task ReclaimAsync(CancellationToken stoppingToken)
    {
        var now = await documents.NowAsync(stoppingToken).ConfigureAwait(false);
        var held = DocumentQuery.Where("kind", Comparison.In, kinds.ToArray()).And("state", JobState.Running).And("claimableAt", Comparison.Greater, now);
        while (await documents.Jobs.UpdateFirstAsync(held, DocumentUpdate.Set("claimableAt", now), stoppingToken).ConfigureAwait(false) is { } job)
        {
            Log.JobReclaimed(logger, job.Id, job.Epoch);
        }
    }

    private async Task<JobDocument?> ClaimAsync(CancellationToken stoppingToken)
    {
        try
        {
            var now = await documents.NowAsync(stoppingToken).ConfigureAwait(false);
            var query = DocumentQuery.Where("kind", Comparison.In, kinds.ToArray())
                .And("claimableAt", Comparison.LessOrEqual, now)
                .OrderBy("priority")
                .OrderBy("claimableAt");
            var update = DocumentUpdate.Set("owner", owner)
                .AndSet("claimableAt", now + options.Lease)
                .AndSet("state", JobState.Running)
                .AndIncrement("epoch", 1);

            // Not cancelled by the stop: a claim whose answer is lost would hold the job for a whole lease.
            return await documents.Jobs.UpdateFirstAsync(query, update, CancellationToken.None).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return null;
        }
#pragma warning disable CA1031 // A store that is away comes back; the worker goes on asking.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.ClaimFailed(logger, exception, documents.Service);
            return null;
        }
    }

    private async Task RunAsync(JobDocument job, long claimedAt, SemaphoreSlim free, CancellationToken stoppingToken)
    {
        try
        {
            await Task.Yield();
            await runner.RunAsync(job, claimedAt, stoppingToken).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // One job must not end the worker; its lease runs out and it is claimed again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.RunFailed(logger, exception, job.Id);
        }
        finally
        {
            free.Release();
        }
    }
}
