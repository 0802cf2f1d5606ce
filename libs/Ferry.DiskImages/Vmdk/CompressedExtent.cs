using System.Buffers;
using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Vmdk;

/// <summary>
/// A stream-optimized extent: each grain is a zlib stream, with a <see cref="GrainMarker"/> before it where the header says so. Grains of one read that
/// stand near each other in the file are fetched at once; each is inflated straight into the caller's buffer.
/// </summary>
internal sealed class CompressedExtent(IByteSource source, GrainDirectory directory, long length, bool zeroedGrains, bool markers) : IVmdkExtent
{
    /// <summary>Largest grain that is accepted, in sectors: 16 MiB; VMware writes 64 KiB.</summary>
    internal const ulong MaximumGrainSectors = 32768;

    private readonly InflatedGrainCache _cache = new();

    /// <inheritdoc/>
    public long Length { get; } = length;

    /// <inheritdoc/>
    public long GrainBytes => directory.GrainBytes;

    private int GrainSize => (int)directory.GrainBytes;

    /// <summary>zlib never needs more than this for a grain.</summary>
    private int MaximumStored => GrainSize + (GrainSize / 1000) + 1024 + GrainMarker.Size;

    /// <inheritdoc/>
    public async ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var first = offset / GrainSize;
        var count = (int)(((offset + buffer.Length - 1) / GrainSize) - first + 1);
        var locations = ArrayPool<uint>.Shared.Rent(count);
        var window = new GrainWindow(source);
        try
        {
            for (var i = 0; i < count; i++)
            {
                locations[i] = await directory.LocateAsync(first + i, cancellationToken).ConfigureAwait(false);
            }

            for (var i = 0; i < count; i++)
            {
                var grainStart = (first + i) * GrainSize;
                var from = Math.Max(grainStart, offset);
                var to = Math.Min(grainStart + GrainSize, offset + buffer.Length);
                var target = buffer.Slice((int)(from - offset), (int)(to - from));
                if (GrainExtents.KindOf(locations[i], zeroedGrains) != ExtentKind.Data)
                {
                    target.Span.Clear();
                    continue;
                }

                await ReadGrainAsync(window, first + i, locations.AsMemory(i, count - i), (int)(from - grainStart), target, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            window.Release();
            ArrayPool<uint>.Shared.Return(locations);
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<DiskExtent> GetExtentsAsync(long offset, long length, CancellationToken cancellationToken) =>
        GrainExtents.EnumerateAsync(directory, Length, zeroedGrains, compressed: true, offset, length, cancellationToken);

    private async ValueTask ReadGrainAsync(
        GrainWindow window, long grain, ReadOnlyMemory<uint> locations, int skip, Memory<byte> target, CancellationToken cancellationToken)
    {
        var size = (int)Math.Min(GrainSize, Length - (grain * GrainSize));
        var whole = target.Length == size;
        if (!whole && _cache.TryCopy(grain, skip, target.Span))
        {
            return;
        }

        var position = directory.OffsetOf(locations.Span[0], 1);
        var (start, stored) = await FetchAsync(window, grain, position, locations, cancellationToken).ConfigureAwait(false);
        if (whole)
        {
            Inflate(window, start, stored, target.Span, position);
            return;
        }

        var bytes = GC.AllocateUninitializedArray<byte>(size);
        Inflate(window, start, stored, bytes, position);
        bytes.AsSpan(skip, target.Length).CopyTo(target.Span);
        _cache.Add(grain, bytes);
    }

    /// <summary>Brings the stored bytes of a grain into the window.</summary>
    /// <returns>Where they stand in the window's buffer, and how many they are.</returns>
    private async ValueTask<(int Start, int Stored)> FetchAsync(
        GrainWindow window, long grain, long position, ReadOnlyMemory<uint> locations, CancellationToken cancellationToken)
    {
        if (!markers)
        {
            var available = (int)Math.Min(MaximumStored, source.Length - position);
            return (await window.RequireAsync(position, available, available, cancellationToken).ConfigureAwait(false), available);
        }

        SourceBounds.Require(source, position, GrainMarker.Size, "grain marker");
        var start = await window.RequireAsync(position, GrainMarker.Size, Ahead(position, locations.Span), cancellationToken).ConfigureAwait(false);
        var marker = GrainMarker.Read(window.Bytes.AsSpan(start));
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
        start = await window.RequireAsync(position, (int)length, Ahead(position, locations.Span), cancellationToken).ConfigureAwait(false);
        return (start + GrainMarker.Size, (int)marker.DataSize);
    }

    /// <summary>How far to read at once: over the following grains of the same read, as far as they stand close behind in the file.</summary>
    private int Ahead(long position, ReadOnlySpan<uint> locations)
    {
        var end = position;
        var last = position;
        foreach (var location in locations)
        {
            var next = (long)location * SourceBounds.Sector;
            if (GrainExtents.KindOf(location, zeroedGrains) != ExtentKind.Data)
            {
                continue;
            }

            if (next < last || next > last + MaximumStored + SourceBounds.Sector)
            {
                break;
            }

            last = next;
            end = next + MaximumStored;
        }

        return (int)Math.Min(Math.Min(end - position, source.Length - position), GrainWindow.MaximumSize);
    }

    private void Inflate(GrainWindow window, int start, int stored, Span<byte> target, long position)
    {
        if (!GrainInflater.TryInflate(window.Bytes.AsSpan(start, stored), target, GrainSize))
        {
            throw new InvalidDiskImageException(DiskImageErrors.Corrupt, "The compressed grain is damaged.", source.Name, position);
        }
    }
}
