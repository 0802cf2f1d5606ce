using System.Runtime.CompilerServices;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Tests.Volumes.Support;

/// <summary>A disk of any size in memory: some bytes, zeros elsewhere.</summary>
internal sealed class SparseDisk(long capacity, int sectorSize = 512) : IDiskImageReader
{
    private readonly List<(long Offset, byte[] Bytes)> _parts = [];

    public long BytesRead { get; private set; }

    public DiskImageInfo Info { get; } = new() { Format = DiskImageFormat.Raw, Capacity = capacity, LogicalSectorSize = sectorSize, Files = [] };

    public long Capacity => Info.Capacity;

    public IReadOnlyList<SourcePin> Pins => [];

    public SparseDisk With(long offset, byte[] bytes)
    {
        _parts.Add((offset, bytes));
        return this;
    }

    public ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Capacity - buffer.Length);
        BytesRead += buffer.Length;
        buffer.Span.Clear();
        foreach (var (start, bytes) in _parts)
        {
            var from = Math.Max(offset, start);
            var to = Math.Min(offset + buffer.Length, start + bytes.Length);
            if (from < to)
            {
                bytes.AsSpan((int)(from - start), (int)(to - from)).CopyTo(buffer.Span[(int)(from - offset)..]);
            }
        }

        return ValueTask.CompletedTask;
    }

    public async IAsyncEnumerable<DiskExtent> GetExtentsAsync(long offset, long length, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        yield return new DiskExtent(offset, length, ExtentKind.Data);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
