using Ferry.Contracts.Cleanup;
using Ferry.Hosting.Documents;
using Ferry.Orchestrator.Conversions;
using Microsoft.Extensions.Options;

namespace Ferry.Orchestrator.Retention;

/// <summary>Says which manifests the conversions need: those of every conversion that has not ended, and of ended ones as long as they are kept.</summary>
public sealed class LiveConversions(IDocumentCollection<ConversionState> documents, IOptions<RetentionOptions> options, TimeProvider time)
{
    /// <summary>The service's name in the answer.</summary>
    public const string Service = "orchestrator";

    private const int Page = 200;

    /// <summary>The answer to a request; null when the orchestrator is not asked.</summary>
    public async Task<LiveManifestsListed?> AnswerAsync(ListLiveManifests request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!request.Services.Contains(Service))
        {
            return null;
        }

        var roots = new SortedSet<string>(StringComparer.Ordinal);
        var after = "";
        while (true)
        {
            var page = await documents.QueryAsync(DocumentQuery.Where("id", Comparison.Greater, after).OrderBy("id").Limit(Page), cancellationToken);
            foreach (var conversion in page)
            {
                roots.UnionWith(await OfAsync(conversion, cancellationToken));
            }

            if (page.Count < Page)
            {
                return new LiveManifestsListed { CollectionId = request.CollectionId, Service = Service, Manifests = [.. roots] };
            }

            after = page[^1].Id;
        }
    }

    private async Task<IEnumerable<string>> OfAsync(ConversionState conversion, CancellationToken cancellationToken)
    {
        var current = conversion;
        while (current is not null && !current.ManifestsReleased)
        {
            if (IsKept(current))
            {
                return current.Disks.SelectMany(RootsOf)
                    .Concat(new[] { current.FirstBoot?.ScreenManifest, current.Rehearsal?.ScreenManifest }.OfType<string>());
            }

            // Written first: a retry that comes at this moment either is seen here, or sees that it has to begin again.
            current.ManifestsReleased = true;
            if (await documents.TryReplaceAsync(current, cancellationToken))
            {
                break;
            }

            current = await documents.GetAsync(conversion.Id, cancellationToken);
        }

        return [];
    }

    private bool IsKept(ConversionState conversion)
    {
        var age = time.GetUtcNow() - (conversion.EndedAt ?? DateTimeOffset.MaxValue);
        return conversion.EndedAt is null || conversion.Outcome switch
        {
            "Completed" => age < options.Value.Completed,
            "Failed" => age < options.Value.Failed,
            _ => false,
        };
    }

    private static IEnumerable<string> RootsOf(ConversionDisk disk) =>
        new[] { disk.OriginManifest, disk.CapturedManifest, disk.Manifest, disk.Report?.CapturedManifest, disk.Report?.ImageManifest }.OfType<string>();
}
