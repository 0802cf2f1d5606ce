using System.Runtime.CompilerServices;
using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Vmdk;

/// <summary>The allocation of a sparse extent, from its tables alone.</summary>
internal static class GrainExtents
{
    /// <summary>Goes through a range grain by grain, and over missing tables in one step. Every grain named must lie within the file.</summary>
    internal static async IAsyncEnumerable<DiskExtent> EnumerateAsync(
        IGrainMap map, IByteSource source, long capacity, bool compressed, long offset, long length, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var end = offset + length;
        var run = new DiskExtent(offset, 0, ExtentKind.Unallocated);
        while (offset < end)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (kind, next) = await ClassifyAsync(map, source, capacity, compressed, offset / map.GrainBytes, cancellationToken).ConfigureAwait(false);
            var stop = Math.Min(end, next);
            if (kind != run.Kind && run.Length > 0)
            {
                yield return run;
                run = new DiskExtent(offset, 0, kind);
            }

            run = run with { Kind = kind, Length = run.Length + (stop - offset) };
            offset = stop;
        }

        if (run.Length > 0)
        {
            yield return run;
        }
    }

    /// <summary>What a grain holds, and the disk offset up to which the answer holds at least.</summary>
    private static async ValueTask<(ExtentKind Kind, long Next)> ClassifyAsync(
        IGrainMap map, IByteSource source, long capacity, bool compressed, long grain, CancellationToken cancellationToken)
    {
        var place = await map.LocateAsync(grain, cancellationToken).ConfigureAwait(false);
        var next = EndOf(map, capacity, grain + 1);
        if (place.IsStored)
        {
            SourceBounds.Require(source, place.Offset, compressed ? 1 : next - (grain * map.GrainBytes), "grain");
        }
        else if (place == GrainPlace.Absent && await map.SkipMissingTableAsync(grain, cancellationToken).ConfigureAwait(false) is { } skip)
        {
            next = EndOf(map, capacity, skip);
        }

        return (place.Kind, next);
    }

    private static long EndOf(IGrainMap map, long capacity, long nextGrain) => nextGrain >= map.GrainCount ? capacity : Math.Min(capacity, nextGrain * map.GrainBytes);
}
