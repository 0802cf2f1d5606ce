using Ferry.Chunks.Manifests;
using Ferry.Chunks.Slices;
using Ferry.Transfer.Sources;

namespace Ferry.Transfer.Fetching;

/// <summary>
/// manifest with origin entries at a URL -> manifest with stored entries. Every chunk goes under the SHA-256 of its bytes, which every later read verifies; what the store has
/// already is not stored again, what is proven is not read again.
/// </summary>
internal static class FileFetch
{
    /// <summary>Fetches what is not proven.</summary>
    /// <returns>Whether all is; else the last connection had to be given back.</returns>
    public static async Task<bool> RunAsync(
        FetchPlan plan, Func<CancellationToken, ValueTask<IRemoteSource>> open, IChunkSink sink, IConnectionSlots slots, TimeProvider time, CancellationToken cancellationToken)
    {
        var proven = plan.Entries(await plan.SlicesAsync(cancellationToken));
        await plan.LookBackAsync(cancellationToken);
        var options = plan.Options;
        var limits = new SliceLimits { TargetTime = options.SliceTime, MaxWorkChunks = options.MaxSliceChunks, FirstWorkChunks = Math.Min(8, options.MaxSliceChunks) };
        await using var source = await open(cancellationToken);
        using var queue = new SliceQueue(plan.Manifest, entry => entry.State.IsAtOrigin(), proven, limits);
        var finished = await Connections.RunAsync(
            options.Connections,
            slots,
            (number, lease, token) => new SliceFetcher(plan, source, sink, number, time).RunAsync(queue, () => lease.Revoked, token),
            time,
            cancellationToken);
        if (finished)
        {
            await source.VerifyUnchangedAsync(cancellationToken);
        }

        return finished;
    }

    /// <summary>Writes the manifest of a file that is complete.</summary>
    public static async ValueTask<ManifestReader> CompleteAsync(FetchPlan plan, ManifestStore manifests, ProvenEntries proven, CancellationToken cancellationToken)
    {
        var header = plan.Manifest.Header;
        using var writer = manifests.CreateWriter(header.Size, header.ChunkSize, header.LogicalSectorSize, origin: null);
        await foreach (var (first, entries) in EntryWindow.OverlaidAsync(plan.Manifest, proven, cancellationToken))
        {
            for (var i = 0; i < entries.Length; i++)
            {
                if (entries.Span[i].State.IsAtOrigin())
                {
                    throw new InvalidOperationException($"Chunk {first + i} was not transferred.");
                }

                await writer.AppendAsync(entries.Span[i], cancellationToken);
            }
        }

        return await manifests.OpenAsync(await writer.CompleteAsync(cancellationToken), cancellationToken);
    }
}
