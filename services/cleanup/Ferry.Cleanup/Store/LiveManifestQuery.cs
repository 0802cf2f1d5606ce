using Ferry.Contracts;
using Ferry.Contracts.Cleanup;
using Ferry.Hosting.Jobs;
using Ferry.Hosting.Outbox;
using Microsoft.Extensions.Options;

namespace Ferry.Cleanup.Store;

/// <summary>Asks every service for the manifests that it needs, and waits until all have answered.</summary>
public sealed class LiveManifestQuery(IStoreQuestions questions, IOptions<CleanUpOptions> services, IOptions<CollectionOptions> options, TimeProvider time)
{
    /// <summary>The service that is asked last: the others' results end up there.</summary>
    public const string Last = "orchestrator";

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(15);

    /// <summary>The root ids of all live manifests.</summary>
    /// <exception cref="JobFailedException"><c>STORE_SERVICE_SILENT</c>: not all have answered, so nothing may be collected.</exception>
    public async Task<IReadOnlySet<string>> AskAsync(StoreTaskLease lease, CancellationToken cancellationToken)
    {
        var roots = new HashSet<string>(StringComparer.Ordinal);
        roots.UnionWith(await AskAsync(lease, [.. services.Value.Services.Distinct(StringComparer.Ordinal)], cancellationToken));
        roots.UnionWith(await AskAsync(lease, [Last], cancellationToken));
        return roots;
    }

    private async Task<IEnumerable<string>> AskAsync(StoreTaskLease lease, string[] asked, CancellationToken cancellationToken)
    {
        var question = Guid.CreateVersion7(time.GetUtcNow());
        var began = time.GetTimestamp();
        var askedAt = began;
        var task = await lease.WriteAsync(update => update.AndSet("question", question).AndSet("answers", Array.Empty<LiveAnswer>()), cancellationToken);
        await questions.AskAsync(new ListLiveManifests { CollectionId = question, Services = asked }, cancellationToken);
        while (true)
        {
            task = await lease.ReportAsync("asking", task?.Answers.Count ?? 0, cancellationToken);
            string[] missing = [.. asked.Where(service => !task.Answers.Exists(answer => answer.Service == service))];
            if (missing.Length == 0)
            {
                return task.Answers.Where(answer => asked.Contains(answer.Service)).SelectMany(answer => answer.Manifests);
            }

            if (time.GetElapsedTime(began) > options.Value.AnswerTimeout)
            {
                throw Silent(missing);
            }

            if (time.GetElapsedTime(askedAt) > AskAgain)
            {
                askedAt = time.GetTimestamp();
                await questions.AskAsync(new ListLiveManifests { CollectionId = question, Services = missing }, cancellationToken);
            }

            await Task.Delay(Look, time, cancellationToken);
        }
    }

    private static JobFailedException Silent(string[] services) => new(new Failure
    {
        Code = CleanupErrors.ServiceSilent,
        Message = "Not every service said which manifests it needs, so nothing was deleted.",
        Where = $"services {string.Join(", ", services)}",
        Remedy = "Start the services that are named, then collect again.",
        Retryable = true,
    });
}
