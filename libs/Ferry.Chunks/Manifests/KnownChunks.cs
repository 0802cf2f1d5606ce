using Ferry.Chunks.Slices;
using Ferry.Chunks.Store;

namespace Ferry.Chunks.Manifests;

/// <summary>Prepares a disk to be brought again of which the store has lost chunks: what is still there and sound is not brought again.</summary>
public static class KnownChunks
{
    /// <summary>
    /// Writes the manifest of the disk at its origin with the ids that are known from when it was brought before. Every one of these chunks is read and verified, so that what is
    /// damaged is set aside now and not found one by one later.
    /// </summary>
    /// <param name="manifests">The store.</param>
    /// <param name="origin">The manifest with origin entries.</param>
    /// <param name="known">Root id of the manifest of the same disk after it had been brought.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>A manifest whose chunks at the origin have ids; <paramref name="origin"/> itself when the known manifest can no longer be read or is of another disk.</returns>
    /// <exception cref="ChunkStoreException">The store cannot be read or written.</exception>
    public static async ValueTask<ManifestReader> ApplyAsync(
        ManifestStore manifests, ManifestReader origin, ChunkId known, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(manifests);
        ArgumentNullException.ThrowIfNull(origin);
        try
        {
            ManifestReader before = await manifests.OpenAsync(known, cancellationToken);
            if (before.Header.Size != origin.Header.Size || before.Header.ChunkSize != origin.Header.ChunkSize)
            {
                return origin;
            }

            await VerifyAsync(manifests.Chunks, before, cancellationToken);
            return await WriteAsync(manifests, origin, before, cancellationToken);
        }
        catch (ChunkStoreException e) when (e.Code is ChunkStoreErrors.Missing or ChunkStoreErrors.Corrupt or ChunkStoreErrors.BadManifest)
        {
            // A part of the known manifest is what was lost: all of the disk is brought again.
            return origin;
        }
    }

    private static async ValueTask VerifyAsync(IChunkStore chunks, ManifestReader manifest, CancellationToken cancellationToken) =>
        await Parallel.ForEachAsync(
            manifest.ReadRunsAsync(cancellationToken),
            cancellationToken,
            async (run, token) => _ = run.Entry.State != ChunkState.Stored || await chunks.VerifyAsync(run.Entry.Id, token));

    private static async ValueTask<ManifestReader> WriteAsync(ManifestStore manifests, ManifestReader origin, ManifestReader known, CancellationToken cancellationToken)
    {
        ManifestHeader header = origin.Header;
        using ManifestWriter writer = manifests.CreateWriter(header.Size, header.ChunkSize, header.LogicalSectorSize, header.Origin);
        var before = new ManifestEntry[EntryWindow.Size];
        var now = new ManifestEntry[EntryWindow.Size];
        while (writer.Count < writer.ChunkCount)
        {
            int count = (int)Math.Min(now.Length, writer.ChunkCount - writer.Count);
            await EntryWindow.ReadAsync(origin, writer.Count, now.AsMemory(0, count), cancellationToken);
            await EntryWindow.ReadAsync(known, writer.Count, before.AsMemory(0, count), cancellationToken);
            for (int i = 0; i < count; i++)
            {
                await writer.AppendAsync(Merge(now[i], before[i]), cancellationToken);
            }
        }

        return await manifests.OpenAsync(await writer.CompleteAsync(cancellationToken), cancellationToken);
    }

    private static ManifestEntry Merge(ManifestEntry origin, ManifestEntry known) =>
        !origin.State.IsAtOrigin() ? origin
        : known.State == ChunkState.Stored ? new ManifestEntry(ChunkState.OriginHashed, known.Id)
        : known.State.ReadsAsZero() ? known
        : origin;
}
