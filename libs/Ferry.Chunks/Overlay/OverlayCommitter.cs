using System.Buffers;
using System.Collections.Concurrent;
using Ferry.Chunks.Disks;
using Ferry.Chunks.Manifests;

namespace Ferry.Chunks.Overlay;

/// <summary>Turns an overlay into a manifest: first every written chunk is judged, several at a time, then the entries are written in order.</summary>
internal sealed class OverlayCommitter(OverlayDisk overlay, ManifestDisk below, ManifestStore manifests)
{
    private readonly ManifestHeader header = below.Manifest.Header;
    private readonly ConcurrentDictionary<long, ManifestEntry> changed = new();

    public async ValueTask<OverlayCommit> CommitAsync(CancellationToken cancellationToken)
    {
        long written = 0;
        await Parallel.ForEachAsync(
            overlay.WrittenChunks(),
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken },
            async (index, token) =>
            {
                Interlocked.Increment(ref written);
                await JudgeAsync(index, token);
            });
        long[] indexes = [.. changed.Keys.Order()];
        if (indexes.Length == 0)
        {
            return new OverlayCommit(below.Manifest.Root, indexes, written);
        }

        using ManifestWriter writer = manifests.CreateWriter(header.Size, header.ChunkSize, header.LogicalSectorSize, header.Origin);
        foreach (long index in indexes)
        {
            await writer.CopyAsync(below.Manifest, index - writer.Count, cancellationToken);
            await writer.AppendAsync(changed[index], cancellationToken);
        }

        await writer.CopyAsync(below.Manifest, writer.ChunkCount - writer.Count, cancellationToken);
        return new OverlayCommit(await writer.CompleteAsync(cancellationToken), indexes, written);
    }

    private async ValueTask JudgeAsync(long index, CancellationToken cancellationToken)
    {
        int length = header.LengthOf(index);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            Memory<byte> now = buffer.AsMemory(0, length);
            using (await overlay.LockAsync(index, cancellationToken, forWriting: false))
            {
                await overlay.ReadAsync(index * header.ChunkSize, now, cancellationToken);
            }

            ManifestEntry before = await below.Manifest.GetAsync(index, cancellationToken);
            bool zero = !now.Span.ContainsAnyExcept((byte)0);
            bool same = before.State.ReadsAsZero() ? zero
                : before.State.HasId() ? ChunkId.Of(now.Span) == before.Id
                : await EqualsBelowAsync(index, now, cancellationToken);
            if (!same)
            {
                changed[index] = zero
                    ? new ManifestEntry(ChunkState.Zero)
                    : new ManifestEntry(ChunkState.Stored, (await manifests.Chunks.PutAsync(now, cancellationToken)).Id);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask<bool> EqualsBelowAsync(long index, ReadOnlyMemory<byte> now, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(now.Length);
        try
        {
            await below.ReadAsync(index * header.ChunkSize, buffer.AsMemory(0, now.Length), cancellationToken);
            return now.Span.SequenceEqual(buffer.AsSpan(0, now.Length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
