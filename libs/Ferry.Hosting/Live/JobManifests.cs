using Ferry.Contracts.Cleanup;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Jobs;

namespace Ferry.Hosting.Live;

/// <summary>
/// Says which manifests the jobs of one service need: those that the commands of unfinished jobs name, and those in results that the conversion has not been cleaned up
/// after (from then on the orchestrator's document is the truth).
/// </summary>
internal sealed class JobManifests(ServiceDocuments documents, IEnumerable<IProvenChunks> provenChunks, IEnumerable<ILiveManifests> others)
{
    private const int Page = 200;
    private readonly string releaseKind = ServiceJobs.ReleaseKind(documents.Service);

    /// <summary>The answer to a request; null when this service is not asked.</summary>
    public async Task<LiveManifestsListed?> AnswerAsync(ListLiveManifests request, CancellationToken cancellationToken)
    {
        if (!request.Services.Contains(documents.Service))
        {
            return null;
        }

        var roots = new HashSet<string>(StringComparer.Ordinal);
        foreach (var other in others)
        {
            roots.UnionWith(await other.ListAsync(cancellationToken).ConfigureAwait(false));
        }

        var after = "";
        while (true)
        {
            var jobs = await documents.Jobs.QueryAsync(
                DocumentQuery.Where("id", Comparison.Greater, after).OrderBy("id").Limit(Page), cancellationToken).ConfigureAwait(false);
            foreach (var job in jobs)
            {
                roots.UnionWith(await OfAsync(job, cancellationToken).ConfigureAwait(false));
            }

            if (jobs.Count < Page)
            {
                return new LiveManifestsListed { CollectionId = request.CollectionId, Service = documents.Service, Manifests = [.. roots.Order(StringComparer.Ordinal)] };
            }

            after = jobs[^1].Id;
        }
    }

    private async Task<IEnumerable<string>> OfAsync(JobDocument job, CancellationToken cancellationToken)
    {
        if (!job.Ended)
        {
            foreach (var chunks in provenChunks)
            {
                await chunks.KeepAsync(
                    await documents.Slices.QueryAsync(DocumentQuery.Where("jobId", job.Id).OrderBy("first"), cancellationToken).ConfigureAwait(false),
                    cancellationToken).ConfigureAwait(false);
            }

            return RootIds.In(job.Command);
        }

        if (job.State is not JobState.Succeeded || job.Outcome is not { } outcome)
        {
            return [];
        }

        var roots = RootIds.In(outcome.Body).ToArray();
        return roots.Length > 0 && !await IsReleasedAsync(job, cancellationToken).ConfigureAwait(false) ? roots : [];
    }

    private async Task<bool> IsReleasedAsync(JobDocument job, CancellationToken cancellationToken) =>
        (await documents.Jobs.QueryAsync(DocumentQuery.Where("conversionId", job.ConversionId).And("kind", releaseKind), cancellationToken).ConfigureAwait(false))
            .Any(release => release.State is JobState.Succeeded && release.CreatedAt >= job.CreatedAt);
}
