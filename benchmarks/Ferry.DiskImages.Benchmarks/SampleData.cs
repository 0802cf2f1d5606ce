using System.IO.Compression;
using System.Text;

namespace Ferry.DiskImages.Benchmarks;

/// <summary>Bytes as disks hold them, the same in every run.</summary>
internal static class SampleData
{
    private const int Seed = 42;

    /// <summary>Text, records and noise in turns: it compresses to about a half.</summary>
    internal static byte[] Mixed(int size)
    {
        var random = new Random(Seed);
        var bytes = new byte[size];
        var words = "grain table block of the disk and its directory sector bitmap header footer chunk offset length".Split(' ');
        for (var at = 0; at < size;)
        {
            var part = random.Next(3) switch
            {
                0 => Encoding.ASCII.GetBytes(string.Join(' ', Enumerable.Range(0, 200).Select(_ => words[random.Next(words.Length)] + random.Next(1000)))),
                1 => [.. Enumerable.Range(0, 200).SelectMany(i => new byte[] { (byte)i, (byte)random.Next(4), 0, 0, 1, 0, (byte)random.Next(256), 0 })],
                _ => Noise(random, 1200),
            };
            var count = Math.Min(part.Length, size - at);
            part.AsSpan(0, count).CopyTo(bytes.AsSpan(at));
            at += count;
        }

        return bytes;
    }

    /// <summary>The bytes as a zlib stream.</summary>
    internal static byte[] Compress(byte[] bytes)
    {
        using var target = new MemoryStream();
        using (var zlib = new ZLibStream(target, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(bytes);
        }

        return target.ToArray();
    }

    private static byte[] Noise(Random random, int size)
    {
        var bytes = new byte[size];
        random.NextBytes(bytes);
        return bytes;
    }
}
