using System.Runtime.CompilerServices;
using Ferry.DiskImages.Checking;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Vmdk;

/// <summary>What the grains of a sparse extent take of its file.</summary>
internal static class GrainUse
{
    private const int WindowSize = 64 * 1024;

    /// <summary>Grains that are stored as they are; those that stand side by side come as one part.</summary>
    internal static async IAsyncEnumerable<UsedRange> EnumerateAsync(IGrainMap map, long capacity, int file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        UsedRange? run = null;
        await foreach (var (grain, offset) in StoredAsync(map, cancellationToken).ConfigureAwait(false))
        {
            // The last grain of an extent need not be all there.
            var length = Math.Min(map.GrainBytes, capacity - (grain * map.GrainBytes));
            if (length <= 0)
            {
                break;
            }

            if (run is { } known && known.Offset + known.Length == offset)
            {
                run = known with { Length = known.Length + length };
                continue;
            }

            if (run is not null)
            {
                yield return run.Value;
            }

            run = new UsedRange(file, offset, length, "grain", grain);
        }

        if (run is not null)
        {
            yield return run.Value;
        }
    }

    /// <summary>Compressed grains with their markers. Without a marker the length of a grain is not known; it has at least one byte.</summary>
    internal static async IAsyncEnumerable<UsedRange> EnumerateCompressedAsync(
        IGrainMap map, IByteSource source, bool markers, int file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var window = new SourceWindow(source);
        try
        {
            await foreach (var (grain, offset) in StoredAsync(map, cancellationToken).ConfigureAwait(false))
            {
                long size = 1;
                if (markers && offset <= source.Length - GrainMarker.Size)
                {
                    var ahead = (int)Math.Min(WindowSize, source.Length - offset);
                    var index = await window.RequireAsync(offset, GrainMarker.Size, ahead, cancellationToken).ConfigureAwait(false);
                    size = GrainMarker.Size + (long)GrainMarker.Read(window.Bytes.AsSpan(index)).DataSize;
                }

                yield return new UsedRange(file, offset, size, "compressed grain", grain);
            }
        }
        finally
        {
            window.Release();
        }
    }

    private static async IAsyncEnumerable<(long Grain, long Offset)> StoredAsync(IGrainMap map, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (long grain = 0; grain < map.GrainCount;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var place = await map.LocateAsync(grain, cancellationToken).ConfigureAwait(false);
            if (place.IsStored)
            {
                yield return (grain++, place.Offset);
                continue;
            }

            grain = place == GrainPlace.Absent ? await map.SkipMissingTableAsync(grain, cancellationToken).ConfigureAwait(false) ?? grain + 1 : grain + 1;
        }
    }
}
