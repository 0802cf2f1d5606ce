using System.Buffers;
using Ferry.DiskImages.Checking;
using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Opening;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Vmdk;

/// <summary>
/// A stream-optimized extent: each grain is a zlib stream, with a <see cref="GrainMarker"/> before it where the header says so. Grains of one read that
/// stand near each other in the file are fetched at once; each is inflated straight into the caller's buffer.
/// </summary>
/// <param name="source">The file.</param>
/// <param name="map">Its tables.</param>
/// <param name="length">Bytes of the extent that belong to the disk.</param>
/// <param name="markers">Whether a marker stands before each grain.</param>
/// <param name="parent">What lies below the disk.</param>
/// <param name="start">Where the extent begins in the disk.</param>
internal sealed class CompressedExtent(IByteSource source, IGrainMap map, long length, bool markers, ParentDisk parent, long start) : IVmdkExtent
{
    /// <summary>Largest grain that is accepted, in sectors: 16 MiB; VMware writes 64 KiB.</summary>
    internal const ulong MaximumGrainSectors = 32768;

    private readonly InflatedGrainCache _cache = new();

    /// <inheritdoc/>
    public long Length { get; } = length;

    /// <inheritdoc/>
    public long GrainBytes => map.GrainBytes;

    /// <inheritdoc/>
    public IByteSource? Source => source;

    /// <inheritdoc/>
    public long LeakUnit => map.IsCompact ? GrainBytes : 0;

    /// <inheritdoc/>
    public bool UsesRedundantDirectory => map.UsesRedundantDirectory;

    private int GrainSize => (int)map.GrainBytes;

    /// <summary>What zlib needs at most for a grain that cannot be compressed.</summary>
    private int ExpectedStored => GrainSize + (GrainSize / 1000) + 1024 + GrainMarker.Size;

    /// <summary>What is accepted, as QEMU does: compressors that only ever use the fixed code (zlib-ng at its fastest) make such a grain up to an eighth larger.</summary>
    private int MaximumStored => (2 * GrainSize) + GrainMarker.Size;

    /// <inheritdoc/>
    public async ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var first = offset / GrainSize;
        var count = (int)(((offset + buffer.Length - 1) / GrainSize) - first + 1);
        var places = ArrayPool<GrainPlace>.Shared.Rent(count);
        var window = new SourceWindow(source);
        try
        {
            for (var i = 0; i < count; i++)
            {
                places[i] = await map.LocateAsync(first + i, cancellationToken).ConfigureAwait(false);
            }

            for (int i = 0, next; i < count; i = next)
            {
                next = places[i].IsStored ? i + 1 : EndOfRun(places, i, count);
                var grainStart = (first + i) * GrainSize;
                var from = Math.Max(grainStart, offset);
                var to = Math.Min((first + next) * GrainSize, offset + buffer.Length);
                var target = buffer.Slice((int)(from - offset), (int)(to - from));
                switch (places[i].Kind)
                {
                    case ExtentKind.Data:
                        await ReadGrainAsync(window, first + i, places.AsMemory(i, count - i), (int)(from - grainStart), target, cancellationToken).ConfigureAwait(false);
                        break;
                    case ExtentKind.Unallocated:
                        await parent.ReadAsync(start + from, target, cancellationToken).ConfigureAwait(false);
                        break;
                    default:
                        target.Span.Clear();
                        break;
                }
            }
        }
        finally
        {
            window.Release();
            ArrayPool<GrainPlace>.Shared.Return(places);
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<UsedRange> GetUsedRangesAsync(int file, CancellationToken cancellationToken) =>
        map.GetTableRangesAsync(file, cancellationToken).Concat(GrainUse.EnumerateCompressedAsync(map, source, markers, file, cancellationToken));

    /// <inheritdoc/>
    public IAsyncEnumerable<DiskExtent> GetExtentsAsync(long offset, long length, CancellationToken cancellationToken) =>
        GrainExtents.EnumerateAsync(map, source, Length, compressed: true, offset, length, cancellationToken);

    private static int EndOfRun(GrainPlace[] places, int index, int count)
    {
        var end = index + 1;
        while (end < count && places[end] == places[index])
        {
            end++;
        }

        return end;
    }

    private async ValueTask ReadGrainAsync(
        SourceWindow window, long grain, ReadOnlyMemory<GrainPlace> places, int skip, Memory<byte> target, CancellationToken cancellationToken)
    {
        var size = (int)Math.Min(GrainSize, Length - (grain * GrainSize));
        var whole = target.Length == size;
        if (!whole && _cache.TryCopy(grain, skip, target.Span))
        {
            return;
        }

        var position = places.Span[0].Offset;
        SourceBounds.Require(source, position, 1, "grain");
        var (index, stored) = await FetchAsync(window, grain, position, places, cancellationToken).ConfigureAwait(false);
        if (whole)
        {
            Inflate(window, index, stored, target.Span, position);
            return;
        }

        var bytes = GC.AllocateUninitializedArray<byte>(size);
        Inflate(window, index, stored, bytes, position);
        bytes.AsSpan(skip, target.Length).CopyTo(target.Span);
        _cache.Add(grain, bytes);
    }

    /// <summary>Brings the stored bytes of a grain into the window.</summary>
    /// <returns>Where they stand in the window's buffer, and how many they are.</returns>
    private async ValueTask<(int Index, int Stored)> FetchAsync(
        SourceWindow window, long grain, long position, ReadOnlyMemory<GrainPlace> places, CancellationToken cancellationToken)
    {
        if (!markers)
        {
            var available = (int)Math.Min(MaximumStored, source.Length - position);
            return (await window.RequireAsync(position, available, available, cancellationToken).ConfigureAwait(false), available);
        }

        SourceBounds.Require(source, position, GrainMarker.Size, "grain marker");
        var index = await window.RequireAsync(position, GrainMarker.Size, Ahead(position, places.Span), cancellationToken).ConfigureAwait(false);
        var marker = GrainMarker.Read(window.Bytes.AsSpan(index));
        if (marker.Sector != (ulong)(grain * GrainSize / SourceBounds.Sector))
        {
            throw new InvalidDiskImageException(DiskImageErrors.Corrupt, $"The marker of grain {grain} is of another grain (sector {marker.Sector}).", source.Name, position);
        }

        var length = GrainMarker.Size + (long)marker.DataSize;
        if (marker.DataSize == 0 || length > MaximumStored)
        {
            throw new InvalidDiskImageException(DiskImageErrors.Corrupt, $"The compressed size of grain {grain}, {marker.DataSize} bytes, is impossible.", source.Name, position);
        }

        SourceBounds.Require(source, position, length, "compressed grain");
        index = await window.RequireAsync(position, (int)length, Ahead(position, places.Span), cancellationToken).ConfigureAwait(false);
        return (index + GrainMarker.Size, (int)marker.DataSize);
    }

    /// <summary>How far to read at once: over the following grains of the same read, as far as they stand close behind in the file.</summary>
    private int Ahead(long position, ReadOnlySpan<GrainPlace> places)
    {
        var end = position;
        var last = position;
        foreach (var place in places)
        {
            var next = place.Offset;
            if (!place.IsStored)
            {
                continue;
            }

            if (next < last || next > last + ExpectedStored + SourceBounds.Sector)
            {
                break;
            }

            last = next;
            end = next + ExpectedStored;
        }

        return (int)Math.Min(Math.Min(end - position, source.Length - position), SourceWindow.MaximumSize);
    }

    private void Inflate(SourceWindow window, int index, int stored, Span<byte> target, long position)
    {
        if (!GrainInflater.TryInflate(window.Bytes.AsMemory(index, stored), target, GrainSize))
        {
            throw new InvalidDiskImageException(DiskImageErrors.Corrupt, "The compressed grain is damaged.", source.Name, position);
        }
    }
}
