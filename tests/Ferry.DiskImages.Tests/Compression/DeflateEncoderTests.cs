using System.IO.Compression;
using Ferry.DiskImages.Compression.Deflate;
using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Compression;

/// <summary>The encoder against the decompressors of the BCL and of Python.</summary>
public sealed class DeflateEncoderTests
{
    private static readonly int[] Sizes = [1, 2, 3, 4, 5, 511, 512, 4096, 4097, 65_535, 65_536, 65_537, 300_000, 2 << 20];

    public static TheoryData<string> Kinds() => [.. Contents.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Encode_Content_IsDecodedByZlib(string kind)
    {
        foreach (var size in Sizes)
        {
            var content = Contents.Make(kind, size, size);
            var data = Encode(content, content.Length + 1000);

            Assert.True(content.AsSpan().SequenceEqual(Inflate(data)), $"{kind} {size}");
            Assert.InRange(data.Length, 1, size + 12 + (size / 4000));
        }
    }

    [Fact]
    public void Encode_RandomPieces_AreDecoded()
    {
        var random = Writing.Seed.New();
        for (var round = 0; round < 600; round++)
        {
            var content = Contents.Make(Contents.Kinds[random.Next(Contents.Kinds.Length)], random.Next(1, round % 30 == 0 ? 200_000 : 9000), random.Next());
            Assert.True(content.AsSpan().SequenceEqual(Inflate(Encode(content, content.Length + 1000))));
        }
    }

    /// <summary>The limit is exact: with it the stream fits, with one byte less it does not, and what stands behind is left alone but for the slack.</summary>
    [Theory]
    [InlineData("text", 65536)]
    [InlineData("records", 4096)]
    [InlineData("random", 512)]
    [InlineData("mixed", 300_000)]
    public void Encode_Limit_IsKept(string kind, int size)
    {
        var content = Contents.Make(kind, size, 3);
        var data = Encode(content, size + 1000);
        var target = new byte[data.Length + 100];

        Assert.InRange(DeflateEncoder.Encode(content, target, data.Length + 2), data.Length, data.Length);
        Array.Fill(target, (byte)0xa5);
        Assert.Equal(0, DeflateEncoder.Encode(content, target, data.Length - 7));
        Assert.Equal(-1, target.AsSpan(data.Length - 7 + DeflateEncoder.Slack).IndexOfAnyExcept((byte)0xa5));
    }

    /// <summary>A decoder that keeps 4 KiB and gives out little at a time fails on any match that goes farther back.</summary>
    [Fact]
    public async Task Encode_LongContent_NeedsNoMoreThanAWindowOf4KiB()
    {
        Tool.Require("python3");
        using var folder = new TestFolder();
        var content = Contents.Make("mixed", 400_000, 8);
        await File.WriteAllBytesAsync(folder["data"], Encode(content, content.Length), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(folder["content"], content, TestContext.Current.CancellationToken);
        const string Program = """
            import sys, zlib
            d = zlib.decompressobj(-12); rest = open(sys.argv[1] + "/data", "rb").read(); out = b""
            while not d.eof:
                out += d.decompress(rest, 1000); rest = d.unconsumed_tail
            sys.exit(out != open(sys.argv[1] + "/content", "rb").read())
            """;

        await Tool.RunAsync("python3", "-c", Program, folder.Path);
    }

    [Fact]
    public void Encode_AllThreads_GiveTheSameBytes()
    {
        var content = Contents.Make("text", 100_000, 8);
        var expected = Encode(content, content.Length);
        Parallel.For(0, 64, i =>
        {
            Encode(Contents.Make("mixed", 1000 * i, i), 100_000);
            Assert.True(expected.AsSpan().SequenceEqual(Encode(content, content.Length)));
        });
    }

    private static byte[] Encode(byte[] content, int limit)
    {
        var target = new byte[limit + DeflateEncoder.Slack];
        var count = DeflateEncoder.Encode(content, target, limit);
        return target[..count];
    }

    private static byte[] Inflate(byte[] data)
    {
        using var result = new MemoryStream();
        using var stream = new DeflateStream(new MemoryStream(data), CompressionMode.Decompress);
        stream.CopyTo(result);
        return result.ToArray();
    }
}
