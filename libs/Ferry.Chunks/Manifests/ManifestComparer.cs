using System.Runtime.CompilerServices;
using Ferry.Chunks.Store;

namespace Ferry.Chunks.Manifests;

/// <summary>Finds what differs between two manifests of one disk: for reports, and for moving only what changed.</summary>
public static class ManifestComparer
{
    /// <summary>
    /// The ranges of chunks that differ, or may differ, ascending and as long as possible. Chunks are equal when their bytes have the same id (<c>Zero</c> and
    /// <c>Unused</c> have that of zeros), or are at the same place of the same origin. Two pages with one id are not even read.
    /// </summary>
    /// <exception cref="ArgumentException">The disks differ in size or chunk size.</exception>
    /// <exception cref="ChunkStoreException">A page is missing or malformed.</exception>
    public static async IAsyncEnumerable<ChunkRange> CompareAsync(
        ManifestReader left, ManifestReader right, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        if (left.Header.Size != right.Header.Size || left.Header.ChunkSize != right.Header.ChunkSize)
        {
            throw new ArgumentException("Only manifests of the same size and chunk size can be compared.", nameof(right));
        }

        bool sameOrigin = SameOrigin(left.Header.Origin, right.Header.Origin);
        var zeros = new ZeroChunks(left.Header);
        ChunkRange open = default;
        for (int page = 0; page < left.Header.Pages.Count; page++)
        {
            if (sameOrigin && left.Header.Pages[page] == right.Header.Pages[page])
            {
                continue;
            }

            await foreach (ChunkRange range in ComparePageAsync(left, right, page, sameOrigin, zeros, cancellationToken))
            {
                if (open.Count > 0 && open.End == range.First)
                {
                    open = open with { Count = open.Count + range.Count };
                    continue;
                }

                if (open.Count > 0)
                {
                    yield return open;
                }

                open = range;
            }
        }

        if (open.Count > 0)
        {
            yield return open;
        }
    }

    /// <summary>Whether two origins are the same files with the same content.</summary>
    public static bool SameOrigin(ManifestOrigin? left, ManifestOrigin? right) =>
        left is null || right is null
            ? ReferenceEquals(left, right)
            : left.Location == right.Location && left.Image == right.Image && left.Format == right.Format && left.Pins.SequenceEqual(right.Pins);

    private static async IAsyncEnumerable<ChunkRange> ComparePageAsync(
        ManifestReader left, ManifestReader right, int page, bool sameOrigin, ZeroChunks zeros, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long first = (long)page * ManifestHeader.EntriesPerPage;
        long count = Math.Min(ManifestHeader.EntriesPerPage, left.Header.ChunkCount - first);
        await using IAsyncEnumerator<ManifestRun> a = left.ReadRunsAsync(first, count, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using IAsyncEnumerator<ManifestRun> b = right.ReadRunsAsync(first, count, cancellationToken).GetAsyncEnumerator(cancellationToken);
        long position = first;
        while (position < first + count)
        {
            if ((position == first || a.Current.End == position) && !await a.MoveNextAsync())
            {
                break;
            }

            if ((position == first || b.Current.End == position) && !await b.MoveNextAsync())
            {
                break;
            }

            long end = Math.Min(a.Current.End, b.Current.End);
            if (!Same(a.Current.Entry, b.Current.Entry, sameOrigin, zeros, position, end))
            {
                yield return new ChunkRange(position, end - position);
            }

            position = end;
        }
    }

    private static bool Same(ManifestEntry a, ManifestEntry b, bool sameOrigin, ZeroChunks zeros, long first, long end)
    {
        if (a.State == ChunkState.Origin || b.State == ChunkState.Origin)
        {
            return sameOrigin && a.State.IsAtOrigin() && b.State.IsAtOrigin();
        }

        if (a.State.ReadsAsZero() && b.State.ReadsAsZero())
        {
            return true;
        }

        // A run of entries with ids has one id, and chunks of one id have one length, so its first chunk speaks for all.
        ChunkId left = a.State.ReadsAsZero() ? zeros[first] : a.Id;
        ChunkId right = b.State.ReadsAsZero() ? zeros[first] : b.Id;
        return left == right && (a.State.ReadsAsZero() == b.State.ReadsAsZero() || zeros[first] == zeros[end - 1]);
    }
}
