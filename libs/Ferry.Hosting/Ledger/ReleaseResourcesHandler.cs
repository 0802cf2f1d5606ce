using System.Globalization;
using Ferry.Contracts.Cleanup;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Jobs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ferry.Hosting.Ledger;

/// <summary>Stops the jobs of a conversion in one service, releases what the ledger holds for it, and answers. A job itself, so a crash resumes it.</summary>
internal sealed class ReleaseResourcesHandler(
    ServiceDocuments documents,
    ResourceLedger ledger,
    IJobQueue jobs,
    IEnumerable<IResourceReleaser> releasers,
    IOptions<JobOptions> options,
    TimeProvider time,
    ILogger<ReleaseResourcesHandler> logger) : IJobHandler<ReleaseResources>
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private readonly string releaseKind = ServiceJobs.ReleaseKind(documents.Service);

    /// <inheritdoc/>
    public async Task<object> RunAsync(JobContext<ReleaseResources> job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        var residue = new List<string>();
        await StopJobsAsync(job.ConversionId, residue, cancellationToken).ConfigureAwait(false);

        var released = 0;
        foreach (var resource in await ledger.ListAsync(job.ConversionId, cancellationToken).ConfigureAwait(false))
        {
            if (await ReleaseAsync(resource, job.Command.KeepProducts, residue, cancellationToken).ConfigureAwait(false))
            {
                await job.ForgetResourceAsync(resource.Kind, resource.Place, cancellationToken).ConfigureAwait(false);
                released++;
            }
        }

        await documents.Slices.DeleteManyAsync(DocumentQuery.Where("conversionId", job.ConversionId), cancellationToken).ConfigureAwait(false);
        return new ResourcesReleased
        {
            ConversionId = job.ConversionId,
            Attempt = job.Command.Attempt,
            Service = documents.Service,
            Released = released,
            Residue = residue,
        };
    }

    // Nothing may be removed under a worker that is still writing to it.
    private async Task StopJobsAsync(Guid conversion, List<string> residue, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            // Again in each round: a job may have gone back to the queue for a retry in between.
            await jobs.SetDesiredAsync(conversion, DesiredState.Cancel, cancellationToken).ConfigureAwait(false);
            await FenceDeadAsync(conversion, cancellationToken).ConfigureAwait(false);
            var left = (await jobs.GetJobsAsync(conversion, cancellationToken).ConfigureAwait(false)).Where(job => !job.Ended && job.Kind != releaseKind).ToArray();
            if (left.Length == 0)
            {
                return;
            }

            if (time.GetElapsedTime(started) > options.Value.ReleaseWait)
            {
                foreach (var job in left)
                {
                    await FenceAsync(DocumentQuery.Where("id", job.Id).And("state", JobState.Running), cancellationToken).ConfigureAwait(false);
                    residue.Add(string.Create(CultureInfo.InvariantCulture, $"job {job.Id}: its worker {job.Owner} did not stop in time and was fenced off"));
                }

                return;
            }

            await Task.Delay(Poll, time, cancellationToken).ConfigureAwait(false);
        }
    }

    // A running job whose lease has run out belongs to a dead worker: the higher epoch keeps its writes out, should it not be quite dead.
    private async Task FenceDeadAsync(Guid conversion, CancellationToken cancellationToken)
    {
        var now = await documents.NowAsync(cancellationToken).ConfigureAwait(false);
        var dead = DocumentQuery.Where("conversionId", conversion)
            .And("kind", Comparison.NotEqual, releaseKind)
            .And("state", JobState.Running)
            .And("claimableAt", Comparison.LessOrEqual, now);
        while (await FenceAsync(dead, cancellationToken).ConfigureAwait(false))
        {
        }
    }

    private async Task<bool> FenceAsync(DocumentQuery query, CancellationToken cancellationToken)
    {
        var update = DocumentUpdate.Set("state", JobState.Cancelled).AndSet("claimableAt", DateTimeOffset.MaxValue).AndIncrement("epoch", 1);
        if (await documents.Jobs.UpdateFirstAsync(query, update, cancellationToken).ConfigureAwait(false) is not { } job)
        {
            return false;
        }

        Log.JobFenced(logger, job.Id);
        return true;
    }

    private async Task<bool> ReleaseAsync(ResourceDocument resource, bool keepProducts, List<string> residue, CancellationToken cancellationToken)
    {
        var releaser = releasers.FirstOrDefault(candidate => candidate.Kind == resource.Kind);
        if (releaser is null)
        {
            residue.Add($"{resource.Kind} {resource.Place}: nobody here knows how to release it");
            return false;
        }

        if (keepProducts && releaser.IsProduct)
        {
            return true;
        }

        try
        {
            await releaser.ReleaseAsync(resource, cancellationToken).ConfigureAwait(false);
            return true;
        }
#pragma warning disable CA1031 // One resource that cannot be removed must not keep the others from being removed; it is named in the answer.
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.ReleaseFailed(logger, exception, resource.Kind, resource.Place);
            residue.Add($"{resource.Kind} {resource.Place}: {(exception is IOException ? exception.Message : exception.GetType().Name)}");
            return false;
        }
    }
}
