using Ferry.Chunks.Disks;
using Ferry.Chunks;
using Ferry.Chunks.Manifests;
using Ferry.Chunks.Store;
using ChunkRange = Ferry.Contracts.Conversions.ChunkRange;

namespace Ferry.Conversion.Images;

/// <summary>
/// Finds the digest of the disk as it was captured, and which chunks the fix-up changed. A captured chunk that the fix-up did not touch has the id that
/// this run found for it; one that it replaced is read from its origin once more.
/// </summary>
public sealed class CapturedDisk(DiskWork work, IChunkStore store, OriginImage? origin)
{
    private readonly List<ChunkRange> changed = [];

    /// <summary>Bytes that were read from the origin.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Bytes in chunks that were captured as unused.</summary>
    public long UnusedBytes { get; private set; }

    /// <summary>Compares the captured disk with the one in the image.</summary>
    /// <param name="image">The full manifest of the image: no chunk of it is without an id.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<(string Digest, IReadOnlyList<ChunkRange> Changed)> CompareAsync(ManifestReader image, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(image);
        var header = work.Header;
        using var reader = new ChunkReader(header, store, origin);
        using var digest = new DiskDigest(header.Size, header.ChunkSize);
        var before = new ManifestEntry[(int)Math.Min(Chunks.Slices.EntryWindow.Size, header.ChunkCount)];
        var (asked, written) = (new ManifestEntry[before.Length], new ManifestEntry[before.Length]);
        for (var first = 0L; first < header.ChunkCount; first += before.Length)
        {
            var count = (int)Math.Min(before.Length, header.ChunkCount - first);
            await Chunks.Slices.EntryWindow.ReadAsync(work.Captured, first, before.AsMemory(0, count), cancellationToken);
            await Chunks.Slices.EntryWindow.ReadAsync(work.Manifest, first, asked.AsMemory(0, count), cancellationToken);
            await Chunks.Slices.EntryWindow.ReadAsync(image, first, written.AsMemory(0, count), cancellationToken);
            for (var i = 0; i < count; i++)
            {
                UnusedBytes += before[i].State == ChunkState.Unused ? header.LengthOf(first + i) : 0;
                var resolved = before[i] == asked[i] ? written[i] : await ResolveAsync(first + i, before.AsMemory(i, 1), reader, cancellationToken);
                if (!SameBytes(resolved, written[i], header.LengthOf(first + i)))
                {
                    AddChanged(first + i);
                }

                if (resolved.State.ReadsAsZero())
                {
                    digest.AppendZeros(1);
                }
                else
                {
                    digest.Append(resolved.Id);
                }
            }
        }

        return (digest.Complete(), changed);
    }

    private async ValueTask<ManifestEntry> ResolveAsync(long chunk, ReadOnlyMemory<ManifestEntry> entry, ChunkReader reader, CancellationToken cancellationToken)
    {
        var known = entry.Span[0];
        if (known.State != ChunkState.Origin)
        {
            return known;
        }

        var (bytes, _) = await reader.ReadAsync(chunk, entry, cancellationToken);
        BytesRead += bytes.Length;
        return ChunkReader.Resolve(known, bytes.Span, chunk);
    }

    private static bool SameBytes(ManifestEntry left, ManifestEntry right, int length) =>
        (left.State.ReadsAsZero() && right.State.ReadsAsZero()) || IdOf(left, length) == IdOf(right, length);

    /// <summary>An entry that reads as zero and one that holds zeros are the same bytes.</summary>
    private static ChunkId IdOf(ManifestEntry entry, int length) => entry.State.ReadsAsZero() ? ChunkId.Of(new byte[length]) : entry.Id;

    private void AddChanged(long chunk)
    {
        if (changed.Count > 0 && changed[^1].First + changed[^1].Count == chunk)
        {
            changed[^1] = changed[^1] with { Count = changed[^1].Count + 1 };
        }
        else
        {
            changed.Add(new ChunkRange(chunk, 1));
        }
    }
}
