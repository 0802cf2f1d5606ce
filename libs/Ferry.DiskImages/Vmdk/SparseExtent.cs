using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Vmdk;

/// <summary>A sparse extent whose grains are stored as they are.</summary>
internal sealed class SparseExtent(IByteSource source, GrainDirectory directory, long length, bool zeroedGrains) : IVmdkExtent
{
    /// <inheritdoc/>
    public long Length { get; } = length;

    /// <inheritdoc/>
    public long GrainBytes => directory.GrainBytes;

    /// <summary>Reads runs of grains that stand side by side in the file at once.</summary>
    public async ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var grain = offset / GrainBytes;
        var location = await directory.LocateAsync(grain, cancellationToken).ConfigureAwait(false);
        while (!buffer.IsEmpty)
        {
            var inGrain = offset - (grain * GrainBytes);
            var count = Math.Min(GrainBytes - inGrain, buffer.Length);
            var runStart = location;
            var stored = IsStored(location);
            while (true)
            {
                grain++;
                if (count == buffer.Length)
                {
                    break;
                }

                var previous = location;
                location = await directory.LocateAsync(grain, cancellationToken).ConfigureAwait(false);
                if (stored ? location != previous + (GrainBytes / 512) : IsStored(location))
                {
                    break;
                }

                count = Math.Min(count + GrainBytes, buffer.Length);
            }

            var part = buffer[..(int)count];
            if (stored)
            {
                await source.ReadAsync(directory.OffsetOf(runStart, inGrain + count) + inGrain, part, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                part.Span.Clear();
            }

            buffer = buffer[(int)count..];
            offset += count;
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<DiskExtent> GetExtentsAsync(long offset, long length, CancellationToken cancellationToken) =>
        GrainExtents.EnumerateAsync(directory, Length, zeroedGrains, compressed: false, offset, length, cancellationToken);

    private bool IsStored(uint location) => GrainExtents.KindOf(location, zeroedGrains) == ExtentKind.Data;
}
