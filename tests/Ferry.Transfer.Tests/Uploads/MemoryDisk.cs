using Ferry.DiskImages;

namespace Ferry.Transfer.Tests.Uploads;

/// <summary>A disk in memory, whose blocks of zeros are holes; counts what is read of it.</summary>
internal sealed class MemoryDisk(byte[] content) : IDiskImageReader
{
    public const int ChunkSize = 64 << 10;
    private long bytesRead;

    public byte[] Content => content;

    public long BytesRead => Interlocked.Read(ref bytesRead);

    public DiskImageInfo Info => new() { Format = DiskImageFormat.Raw, Capacity = content.Length, Files = ["disk.raw"] };

    public long Capacity => content.Length;

    /// <summary>Random chunks, every eighth of zeros; the last one is short.</summary>
    public static MemoryDisk Create(int seed, int chunks = 64)
    {
        var content = new byte[((chunks - 1) * ChunkSize) + 1536];
        new Random(seed).NextBytes(content);
        for (var chunk = 0; chunk < chunks - 1; chunk += 8)
        {
            content.AsSpan(chunk * ChunkSize, ChunkSize).Clear();
        }

        return new MemoryDisk(content);
    }

    /// <summary>The same disk with other bytes in a few chunks.</summary>
    public MemoryDisk CloneWith(int seed, int changed)
    {
        var copy = content.ToArray();
        var random = new Random(seed);
        for (var i = 0; i < changed; i++)
        {
            random.NextBytes(copy.AsSpan(random.Next(copy.Length / ChunkSize) * ChunkSize, 512));
        }

        return new MemoryDisk(copy);
    }

    public ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        content.AsMemory((int)offset, buffer.Length).CopyTo(buffer);
        Interlocked.Add(ref bytesRead, buffer.Length);
        return ValueTask.CompletedTask;
    }

    public async IAsyncEnumerable<DiskExtent> GetExtentsAsync(
        long offset, long length, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        for (var start = offset; start < offset + length;)
        {
            var end = Math.Min(offset + length, ((start / ChunkSize) + 1) * ChunkSize);
            var hole = !content.AsSpan((int)start, (int)(end - start)).ContainsAnyExcept((byte)0);
            for (; end < offset + length; end = Math.Min(offset + length, end + ChunkSize))
            {
                if (!content.AsSpan((int)end, (int)Math.Min(ChunkSize, offset + length - end)).ContainsAnyExcept((byte)0) != hole)
                {
                    break;
                }
            }

            yield return new DiskExtent(start, end - start, hole ? ExtentKind.Unallocated : ExtentKind.Data);
            start = end;
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
