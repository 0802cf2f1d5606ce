using Ferry.Chunks;
using Ferry.Chunks.Collection;
using Ferry.Chunks.Manifests;
using Ferry.Contracts.Store;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Jobs;
using Microsoft.Extensions.Options;

namespace Ferry.Cleanup.Store;

/// <summary>
/// Mark and sweep: asks all services for their roots, marks what these need, and deletes what is not marked and was neither stored nor asked for since a grace period
/// before the question.
/// </summary>
public sealed class GarbageCollection(
    ManifestStore manifests, LiveManifestQuery query, IOptions<CollectionOptions> options, IFaultPoints faults, TimeProvider time) : IStoreWork
{
    private const string MarkedFault = "gc.marked";
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public string Kind => StoreTaskKind.Collection;

    /// <inheritdoc/>
    public async Task<Func<DocumentUpdate, DocumentUpdate>> RunAsync(StoreTaskLease lease, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        var began = time.GetUtcNow();
        var cutOff = await manifests.Chunks.BeginCollectionAsync(cancellationToken) - options.Value.Grace;
        var roots = await query.AskAsync(lease, cancellationToken);
        var marker = new ChunkMarker(manifests);
        foreach (var root in roots)
        {
            await marker.MarkAsync(ChunkId.Parse(root), cancellationToken);
            await lease.ReportAsync("marking", marker.Marked.Manifests, cancellationToken);
        }

        faults.Hit(MarkedFault);
        var sweeper = new ChunkSweeper(manifests.Chunks, marker.Marked.Live, cutOff, lease.Task.DryRun);
        var sweeping = sweeper.SweepAsync(cancellationToken);
        while (await Task.WhenAny(sweeping, Task.Delay(ReportEvery, time, cancellationToken)) != sweeping)
        {
            await lease.ReportAsync("sweeping", sweeper.Swept.Chunks, cancellationToken);
        }

        var result = Result(began, lease.Task.DryRun, marker.Marked, await sweeping);
        StoreTelemetry.Record(result.Mark);
        return update => update.AndSet("collected", result).AndSet("lastMark", result.Mark).AndSet("processed", sweeper.Swept.Chunks);
    }

    private static CollectionResult Result(DateTimeOffset began, bool dryRun, MarkedChunks marked, SweptChunks swept) => new()
    {
        DryRun = dryRun,
        CollectedChunks = swept.CollectedChunks,
        CollectedBytes = swept.CollectedBytes,
        Mark = new StoreMark
        {
            At = began,
            Manifests = marked.Manifests,
            ReferencedBytes = marked.ReferencedBytes,
            LiveChunks = swept.Chunks - swept.GarbageChunks,
            LiveBytes = swept.Bytes - swept.GarbageBytes,
            GarbageChunks = swept.GarbageChunks - (dryRun ? 0 : swept.CollectedChunks),
            GarbageBytes = swept.GarbageBytes - (dryRun ? 0 : swept.CollectedBytes),
        },
    };
}
