using System.Text;

namespace Ferry.DiskImages.Tests.Support;

/// <summary>Bytes of many kinds for compressors.</summary>
internal static class Contents
{
    public static readonly string[] Kinds = ["random", "zeros", "text", "records", "skewed", "few", "pattern", "mixed", "short-range", "long-range"];

    public static byte[] Make(string kind, int size, int seed)
    {
        var random = new Random(seed);
        var bytes = new byte[size];
        switch (kind)
        {
            case "random":
                random.NextBytes(bytes);
                break;
            case "text":
                Fill(bytes, () => Encoding.ASCII.GetBytes(Words[random.Next(random.Next(1, Words.Length))] + (random.Next(9) == 0 ? "\n" : " ")));
                break;
            case "records":
                var id = 0;
                Fill(bytes, () => [.. BitConverter.GetBytes(id++), (byte)random.Next(4), 0, 0, 7, .. BitConverter.GetBytes(random.Next(1000))]);
                break;
            case "skewed":
                Fill(bytes, () => [(byte)(Math.Pow(random.NextDouble(), 6) * 256)]);
                break;
            case "few":
                Fill(bytes, () => [(byte)"ab"[random.Next(2)]]);
                break;
            case "pattern":
                var pattern = new byte[random.Next(1, 40)];
                random.NextBytes(pattern);
                Fill(bytes, () => pattern);
                break;
            case "mixed":
                Fill(bytes, () => Make(Kinds[random.Next(Kinds.Length)] is var k && k == "mixed" ? "zeros" : k, random.Next(1, 20_000), random.Next()));
                break;
            case "short-range":
                Fill(bytes, () => [.. BitConverter.GetBytes(random.NextInt64()).AsSpan(0, random.Next(1, 8)), .. new byte[random.Next(40)]]);
                break;
            case "long-range":
                random.NextBytes(bytes.AsSpan(0, size / 2));
                bytes.AsSpan(0, size / 2).CopyTo(bytes.AsSpan(size - (size / 2)));
                break;
            default:
                break;
        }

        return bytes;
    }

    private static readonly string[] Words =
        "the disk of a machine holds files and files hold words so that compressors find again what was written before in a window of some size".Split(' ');

    private static void Fill(byte[] bytes, Func<byte[]> next)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var part = next();
            var count = Math.Min(part.Length, bytes.Length - at);
            part.AsSpan(0, count).CopyTo(bytes.AsSpan(at));
            at += count;
        }
    }
}
