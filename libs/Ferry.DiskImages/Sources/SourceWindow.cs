using System.Buffers;

namespace Ferry.DiskImages.Sources;

/// <summary>A pooled buffer over a range of the file, for one read call. Not for concurrent use.</summary>
internal sealed class SourceWindow(IByteSource source)
{
    /// <summary>The window is not made larger than this for reading ahead.</summary>
    internal const int MaximumSize = 4 * 1024 * 1024;

    private long _start;
    private int _length;

    /// <summary>The buffer; valid until the next call.</summary>
    internal byte[] Bytes { get; private set; } = [];

    /// <summary>Makes <paramref name="needed"/> bytes from <paramref name="position"/> available, and reads up to <paramref name="ahead"/> when it must read.</summary>
    /// <returns>The index of the first byte in <see cref="Bytes"/>.</returns>
    internal async ValueTask<int> RequireAsync(long position, int needed, int ahead, CancellationToken cancellationToken)
    {
        if (position >= _start && position + needed <= _start + _length)
        {
            return (int)(position - _start);
        }

        var count = Math.Max(needed, ahead);
        if (Bytes.Length < count)
        {
            Release();
            Bytes = ArrayPool<byte>.Shared.Rent(count);
        }

        _length = 0;
        await source.ReadAsync(position, Bytes.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
        _start = position;
        _length = count;
        return 0;
    }

    /// <summary>Gives the buffer back.</summary>
    internal void Release()
    {
        if (Bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(Bytes);
            Bytes = [];
            _length = 0;
        }
    }
}
