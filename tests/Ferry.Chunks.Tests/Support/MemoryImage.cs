using Ferry.DiskImages;

namespace Ferry.Chunks.Tests.Support;

/// <summary>An image in memory; extents of its own granularity. Counts the bytes read.</summary>
internal sealed class MemoryImage(byte[] bytes, params DiskExtent[] extents) : IDiskImageReader
{
    private long bytesRead;

    public byte[] Bytes { get; } = bytes;

    public long BytesRead => Interlocked.Read(ref bytesRead);

    public DiskImageInfo Info { get; } = new() { Format = DiskImageFormat.Vmdk, Capacity = bytes.Length, Files = ["disk.vmdk"] };

    public long Capacity => Bytes.Length;

    public ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Interlocked.Add(ref bytesRead, buffer.Length);
        Bytes.AsMemory((int)offset, buffer.Length).CopyTo(buffer);
        return ValueTask.CompletedTask;
    }

    public async IAsyncEnumerable<DiskExtent> GetExtentsAsync(long offset, long length, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        foreach (DiskExtent extent in extents.Length == 0 ? [new DiskExtent(0, Capacity, ExtentKind.Data)] : extents)
        {
            yield return extent;
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
