using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Ferry.DiskImages.Checking;
using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Qcow2;

/// <summary>What an image takes of its files, and whether its refcounts say so. Only the active state is gone through; snapshots share its clusters.</summary>
/// <param name="source">The image.</param>
/// <param name="header">Its checked header.</param>
/// <param name="geometry">Sizes.</param>
/// <param name="map">Its clusters.</param>
/// <param name="dataFile">Index of the file in which clusters stand.</param>
internal sealed class Qcow2Use(IByteSource source, Qcow2Header header, Qcow2Geometry geometry, ClusterMap map, int dataFile)
{
    private const ulong OffsetMask = ~511UL;
    private const int WordBits = 64;

    private readonly MetadataPages _pages = new(source, new PageCache());

    /// <summary>Unused parts at least this long are leaked: where there are snapshots or bitmaps, they use what the active state does not.</summary>
    internal long LeakUnit => header.Snapshots > 0 || header.Autoclear.HasFlag(AutoclearFeatures.Bitmaps) ? 0 : geometry.ClusterSize;

    private long RefcountsPerBlock => (long)geometry.ClusterSize * 8 >> (int)header.RefcountOrder;

    /// <summary>See <see cref="IDiskImageStructure.GetUsedRangesAsync"/>.</summary>
    internal async IAsyncEnumerable<UsedRange> GetRangesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new UsedRange(0, 0, geometry.ClusterSize, "header");
        yield return new UsedRange(0, (long)header.L1Offset, geometry.L2Count * L1Entry.Size, "L1 table");
        var refcounts = (long)header.RefcountTableClusters * geometry.ClusterSize;
        yield return new UsedRange(0, (long)header.RefcountTableOffset, refcounts, "refcount table");
        for (long i = 0; i < refcounts / sizeof(ulong); i++)
        {
            if (await FindRefcountBlockAsync(i, cancellationToken).ConfigureAwait(false) is > 0 and var block)
            {
                yield return new UsedRange(0, block, geometry.ClusterSize, "refcount block", i);
            }
        }

        for (long i = 0; i < geometry.L2Count; i++)
        {
            if (await map.FindTableAsync(i, cancellationToken).ConfigureAwait(false) is > 0 and var table)
            {
                yield return new UsedRange(0, table, geometry.ClusterSize, "L2 table", i);
            }
        }

        ClusterRun? last = null;
        long start = 0;
        for (long offset = 0; offset < geometry.Capacity;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var run = await map.FindAsync(offset, cancellationToken).ConfigureAwait(false);
            if (last is { } open && open.Continues(run))
            {
                last = open with { Length = open.Length + run.Length };
            }
            else
            {
                if (last is { Kind: ClusterKind.Data } data)
                {
                    yield return Data(start, data);
                }

                if (run.Kind == ClusterKind.Compressed)
                {
                    yield return new UsedRange(0, run.Position, run.Stored, "compressed cluster", offset >> geometry.ClusterBits, SharesSectors: true);
                }

                (last, start) = (run, offset);
            }

            offset += run.Length;
        }

        if (last is { Kind: ClusterKind.Data } end)
        {
            yield return Data(start, end);
        }

        UsedRange Data(long at, ClusterRun run) => new(dataFile, run.Position, run.Length, "cluster", at >> geometry.ClusterBits);
    }

    /// <summary>A cluster that is used and has a refcount of 0 would be given out a second time by whoever writes to the image. An image that says its refcounts may be wrong is not asked.</summary>
    internal async ValueTask CheckRefcountsAsync(Action<ImageCheckError> report, CancellationToken cancellationToken)
    {
        if (header.Incompatible.HasFlag(IncompatibleFeatures.Dirty))
        {
            return;
        }

        await foreach (var range in GetRangesAsync(cancellationToken).ConfigureAwait(false))
        {
            if (range.File != 0 || range.Offset > source.Length - range.Length)
            {
                continue;
            }

            for (var cluster = range.Offset >> geometry.ClusterBits; cluster <= (range.Offset + range.Length - 1) >> geometry.ClusterBits; cluster++)
            {
                if (!await IsCountedAsync(cluster, cancellationToken).ConfigureAwait(false))
                {
                    report(new ImageCheckError
                    {
                        Code = DiskImageErrors.Corrupt,
                        Message = $"The refcount of a cluster is 0, and a {range.What} stands there.",
                        File = source.Name,
                        Offset = cluster << geometry.ClusterBits,
                    });
                }
            }
        }
    }

    private async ValueTask<bool> IsCountedAsync(long cluster, CancellationToken cancellationToken)
    {
        var index = cluster / RefcountsPerBlock;
        if (index >= (long)header.RefcountTableClusters * geometry.ClusterSize / sizeof(ulong)
            || await FindRefcountBlockAsync(index, cancellationToken).ConfigureAwait(false) is not (> 0 and var block))
        {
            return false;
        }

        // Which byte of a refcount comes first does not matter, as only 0 is looked for; of those smaller than a byte the first has the lowest bits.
        var bit = (cluster % RefcountsPerBlock) << (int)header.RefcountOrder;
        var word = await _pages.ReadUInt64Async(block + (bit / WordBits * sizeof(ulong)), cancellationToken).ConfigureAwait(false);
        var bits = 1 << (int)header.RefcountOrder;
        return (word >> (int)(bit % WordBits) & (bits == WordBits ? ulong.MaxValue : (1UL << bits) - 1)) != 0;
    }

    private async ValueTask<long> FindRefcountBlockAsync(long index, CancellationToken cancellationToken)
    {
        if ((header.RefcountTableOffset & ((ulong)geometry.ClusterSize - 1)) != 0)
        {
            throw new InvalidDiskImageException(DiskImageErrors.Corrupt, $"The refcount table stands at {header.RefcountTableOffset}, which no cluster can.", source.Name, 48);
        }

        SourceBounds.Require(source, (long)header.RefcountTableOffset, (long)header.RefcountTableClusters * geometry.ClusterSize, "refcount table");
        var entry = await _pages.ReadUInt64Async((long)header.RefcountTableOffset + (index * sizeof(ulong)), cancellationToken).ConfigureAwait(false);
        return (long)Math.Min(BinaryPrimitives.ReverseEndianness(entry) & OffsetMask, long.MaxValue - 511);
    }
}
