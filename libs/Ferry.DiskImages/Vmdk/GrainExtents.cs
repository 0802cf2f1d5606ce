using System.Runtime.CompilerServices;

namespace Ferry.DiskImages.Vmdk;

/// <summary>The allocation of a sparse extent, from its tables alone.</summary>
internal static class GrainExtents
{
    /// <summary>What a grain table entry means.</summary>
    internal static ExtentKind KindOf(uint location, bool zeroedGrains) => location switch
    {
        GrainDirectory.NotAllocated => ExtentKind.Unallocated,
        GrainDirectory.Zeroed when zeroedGrains => ExtentKind.Zero,
        _ => ExtentKind.Data,
    };

    /// <summary>Goes through a range grain by grain, and over missing tables in one step. Every grain named must lie within the file.</summary>
    internal static async IAsyncEnumerable<DiskExtent> EnumerateAsync(
        GrainDirectory directory, long capacity, bool zeroedGrains, bool compressed, long offset, long length, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var end = offset + length;
        var run = new DiskExtent(offset, 0, ExtentKind.Unallocated);
        while (offset < end)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var grain = offset / directory.GrainBytes;
            var (kind, next) = await ClassifyAsync(directory, capacity, zeroedGrains, compressed, grain, cancellationToken).ConfigureAwait(false);
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
        GrainDirectory directory, long capacity, bool zeroedGrains, bool compressed, long grain, CancellationToken cancellationToken)
    {
        var location = await directory.LocateAsync(grain, cancellationToken).ConfigureAwait(false);
        var next = EndOf(directory, capacity, grain + 1);
        var kind = KindOf(location, zeroedGrains);
        if (kind == ExtentKind.Data)
        {
            directory.OffsetOf(location, compressed ? 1 : next - (grain * directory.GrainBytes));
        }
        else if (location == GrainDirectory.NotAllocated
            && await directory.SkipMissingTableAsync(grain, cancellationToken).ConfigureAwait(false) is { } skip)
        {
            next = EndOf(directory, capacity, skip);
        }

        return (kind, next);
    }

    private static long EndOf(GrainDirectory directory, long capacity, long nextGrain) =>
        nextGrain >= directory.GrainCount ? capacity : nextGrain * directory.GrainBytes;
}
