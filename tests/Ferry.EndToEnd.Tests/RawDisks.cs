using System.Security.Cryptography;

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

    /// <summary>
    /// The digest of a raw disk, computed from its definition in docs/formats/manifest.md and not with Ferry's code: SHA-256 over the size (8 bytes),
    /// the chunk size (4 bytes, little-endian both) and the SHA-256 of each chunk's bytes.
    /// </summary>
    public static async Task<string> DigestAsync(string raw, int chunkSize)
    {
        using var file = File.OpenHandle(raw);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var size = RandomAccess.GetLength(file);
        digest.AppendData(BitConverter.GetBytes(size));
        digest.AppendData(BitConverter.GetBytes(chunkSize));
        var buffer = new byte[chunkSize];
        var zeros = SHA256.HashData(new byte[chunkSize]);
        for (long offset = 0; offset < size; offset += chunkSize)
        {
            var read = await RandomAccess.ReadAsync(file, buffer, offset);
            Assert.Equal(Math.Min(chunkSize, size - offset), read);
            digest.AppendData(read == chunkSize && !buffer.AsSpan().ContainsAnyExcept((byte)0) ? zeros : SHA256.HashData(buffer.AsSpan(0, read)));
        }

        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }

    /// <summary>A raw copy of a disk, made by qemu-img.</summary>
    public static async Task<string> CopyAsync(string image, string format, string raw)
    {
        await Commands.ToolAsync("qemu-img", "convert", "-f", format, "-O", "raw", image, raw);
        return raw;
    }
}
