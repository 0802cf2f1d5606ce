namespace Ferry.EndToEnd.Tests;

/// <summary>Compares disks that qemu-img, and not Ferry, has turned into raw files.</summary>
internal static class RawDisks
{
    /// <summary>Indexes of the chunks that differ.</summary>
    public static async Task<IReadOnlyList<long>> DifferentChunksAsync(string left, string right, int chunkSize)
    {
        using var a = File.OpenHandle(left);
        using var b = File.OpenHandle(right);
        Assert.Equal(RandomAccess.GetLength(a), RandomAccess.GetLength(b));
        var different = new List<long>();
        var bufferA = new byte[chunkSize];
        var bufferB = new byte[chunkSize];
        for (long offset = 0, chunk = 0; offset < RandomAccess.GetLength(a); offset += chunkSize, chunk++)
        {
            var read = await RandomAccess.ReadAsync(a, bufferA, offset);
            Assert.Equal(read, await RandomAccess.ReadAsync(b, bufferB, offset));
            if (!bufferA.AsSpan(0, read).SequenceEqual(bufferB.AsSpan(0, read)))
            {
                different.Add(chunk);
            }
        }

        return different;
    }

    /// <summary>A raw copy of a disk, made by qemu-img.</summary>
    public static async Task<string> CopyAsync(string image, string format, string raw)
    {
        await Commands.ToolAsync("qemu-img", "convert", "-f", format, "-O", "raw", image, raw);
        return raw;
    }
}
