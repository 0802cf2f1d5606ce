using System.Buffers;
using System.IO.Compression;
using Ferry.DiskImages.Conversion;
using Ferry.DiskImages.Metadata;

namespace Ferry.DiskImages.Vmdk;

/// <summary>Compressed grains of one piece of the disk, as they will stand in the file.</summary>
/// <param name="target">Where they go.</param>
/// <param name="buffer">A pooled buffer that holds them, given back when they are written.</param>
/// <param name="capacity">Grains that fit.</param>
internal sealed class VmdkStreamPiece(VmdkStreamTarget target, byte[] buffer, int capacity) : IPreparedPiece
{
    private readonly (long Grain, int Start)[] _grains = new (long, int)[capacity];
    private int _count;
    private int _length;
    private long _position;

    /// <summary>A grain's worth at the end of the buffer that the compressed grains do not reach.</summary>
    internal Span<byte> Spare => buffer.AsSpan(buffer.Length - target.Alignment);

    /// <summary>Compresses a grain behind the others.</summary>
    internal void Add(ReadOnlySpan<byte> bytes, long grain, CompressionLevel level)
    {
        _grains[_count++] = (grain, _length);
        _length = GrainDeflater.Compress(bytes, grain * (target.Alignment / SourceBounds.Sector), level, buffer, _length);
    }

    /// <inheritdoc/>
    public ValueTask PlaceAsync(CancellationToken cancellationToken)
    {
        _position = target.Place(_grains.AsSpan(0, _count), _length);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<long> WriteAsync(CancellationToken cancellationToken)
    {
        target.Write(_position, buffer.AsSpan(0, _length));
        ArrayPool<byte>.Shared.Return(buffer);
        return ValueTask.FromResult((long)_length);
    }
}
