using Ferry.Hosting.Documents;

namespace Ferry.Hosting.Jobs;

/// <summary>
/// Removes the jobs of conversions whose resources were released long ago. Until then an ended job repeats its result when its command comes again; a month later
/// none does. Several processes may prune at the same time.
/// </summary>
internal sealed class JobPruner(ServiceDocuments documents, JobOptions options)
{
    private const int Page = 200;
    private readonly string releaseKind = ServiceJobs.ReleaseKind(documents.Service);

    /// <summary>Removes what has been released for longer than the options keep it.</summary>
    public async Task PruneAsync(CancellationToken cancellationToken)
    {
        var before = await documents.NowAsync(cancellationToken).ConfigureAwait(false) - options.KeepEnded;
        var released = DocumentQuery.Where("kind", releaseKind).And("claimableAt", DateTimeOffset.MaxValue).And("state", JobState.Succeeded)
            .And("hasPending", false).And("createdAt", Comparison.Less, before).Limit(Page);
        while (await documents.Jobs.QueryAsync(released, cancellationToken).ConfigureAwait(false) is { Count: > 0 } releases)
        {
            foreach (var release in releases)
            {
                await RemoveAsync(release, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // The release goes last: a crash in between leaves it, and it is found again. A conversion that was retried since has newer jobs, which stay.
    private async Task RemoveAsync(JobDocument release, CancellationToken cancellationToken)
    {
        var ended = DocumentQuery.Where("conversionId", release.ConversionId).And("claimableAt", DateTimeOffset.MaxValue).And("hasPending", false)
            .And("createdAt", Comparison.LessOrEqual, release.CreatedAt).And("kind", Comparison.NotEqual, releaseKind);
        foreach (var state in new[] { JobState.Succeeded, JobState.Failed, JobState.Cancelled })
        {
            await documents.Jobs.DeleteManyAsync(ended.And("state", state), cancellationToken).ConfigureAwait(false);
        }

        var left = DocumentQuery.Where("conversionId", release.ConversionId).And("kind", Comparison.NotEqual, releaseKind);
        if (await documents.Jobs.CountAsync(left, cancellationToken).ConfigureAwait(false) == 0)
        {
            await documents.Holds.DeleteAsync(JobQueue.HoldId(release.ConversionId), cancellationToken).ConfigureAwait(false);
        }

        await documents.Jobs.DeleteAsync(release.Id, cancellationToken).ConfigureAwait(false);
    }
}
