using Ferry.Hosting.Documents;
using Ferry.Hosting.Live;

namespace Ferry.Transfer.Jobs;

/// <summary>The manifests of transfer jobs that are not at their end: what they move from, and what they have made and nobody has acknowledged.</summary>
public sealed class TransferManifests(TransferJobStore store) : ILiveManifests
{
    private const int Page = 200;

    /// <inheritdoc/>
    public async Task<IReadOnlyCollection<string>> ListAsync(CancellationToken cancellationToken)
    {
        var roots = new HashSet<string>(StringComparer.Ordinal);
        var after = "";
        while (true)
        {
            var jobs = await store.Documents.QueryAsync(DocumentQuery.Where("id", Comparison.Greater, after).OrderBy("id").Limit(Page), cancellationToken);
            foreach (var file in jobs.Where(job => !TransferTransitions.IsFinal(job.State)).SelectMany(job => job.Files))
            {
                roots.UnionWith(new[] { file.Manifest, file.KnownManifest, file.Result }.OfType<string>());
            }

            if (jobs.Count < Page)
            {
                return roots;
            }

            after = jobs[^1].Id;
        }
    }
}
