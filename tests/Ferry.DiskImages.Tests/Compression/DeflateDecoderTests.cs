using System.IO.Compression;
using System.Text;
using Ferry.DiskImages.Compression.Deflate;
using Xunit;

namespace Ferry.DiskImages.Tests.Compression;

/// <summary>The decoder against the compressor and decompressor of the BCL (zlib).</summary>
public sealed class DeflateDecoderTests
{
    private const int Guard = 64;

    private static readonly int[] Lengths = [0, 1, 2, 3, 7, 31, 32, 33, 257, 258, 259, 300, 511, 4095, 32_767, 32_769, 65_535, 65_536, 200_001];

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Fastest)]
    [InlineData(CompressionLevel.Optimal)]
    [InlineData(CompressionLevel.SmallestSize)]
    public void Decode_WhatTheBclCompressed_GivesTheSameBytes(CompressionLevel level)
    {
        var random = new Random((int)level + 7);
        foreach (var length in Lengths)
        {
            foreach (var content in Contents(length, random))
            {
                AssertDecodes(Compress(content, level), content);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Decode_DamagedStream_AgreesWithZlib(int seed)
    {
        var random = new Random(seed);
        var accepted = 0;
        for (var round = 0; round < 6_000; round++)
        {
            var content = Contents(random.Next(1, 3000), random).ElementAt(random.Next(5));
            var stream = Compress(content, (CompressionLevel)random.Next(4));
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                stream[random.Next(random.Next(3) == 0 ? stream.Length : Math.Min(stream.Length, 40))] ^= (byte)(1 << random.Next(8));
            }

            if (random.Next(5) == 0)
            {
                stream = stream[..random.Next(stream.Length)];
            }

            // Without the sums, so that most streams are read to the end.
            var deflate = stream.Length < 6 ? stream : stream[2..];
            var limit = content.Length + random.Next(300);
            var expected = Reference(deflate, limit);
            var buffer = new byte[limit + Guard];
            buffer.AsSpan(limit).Fill(0xa5);
            var done = DeflateDecoder.TryDecode(deflate, buffer.AsSpan(0, limit), out _, out var written);

            Assert.True(done == expected is not null, $"Seed {seed}, round {round}: {(done ? "accepted" : "refused")}.");
            Assert.False(buffer.AsSpan(limit).ContainsAnyExcept((byte)0xa5), $"Seed {seed}, round {round}: wrote behind the end.");
            Assert.True(!done || buffer.AsSpan(0, written).SequenceEqual(expected), $"Seed {seed}, round {round}: other bytes.");
            accepted += done ? 1 : 0;
        }

        Assert.InRange(accepted, 100, 5_900);
    }

    [Fact]
    public void Decode_Noise_NeverWritesBehindTheEnd()
    {
        var random = new Random(11);
        for (var round = 0; round < 20_000; round++)
        {
            var noise = new byte[random.Next(1, 400)];
            random.NextBytes(noise);

            // A block with codes of its own, most of the time.
            noise[0] = (byte)((noise[0] & 0xf8) | (random.Next(8) == 0 ? random.Next(8) : 0b101));
            var limit = random.Next(2000);
            var buffer = new byte[limit + Guard];
            var expected = Reference(noise, limit);
            var done = DeflateDecoder.TryDecode(noise, buffer.AsSpan(0, limit), out _, out var written);

            Assert.True(done == expected is not null && (!done || buffer.AsSpan(0, written).SequenceEqual(expected)), $"Round {round} differs.");
            Assert.False(buffer.AsSpan(limit).ContainsAnyExcept((byte)0));
        }
    }

    [Fact]
    public void DecodeZlib_WrongSumHeaderOrLength_IsRefused()
    {
        var content = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("of grains and tables ", 500)));
        var stream = Compress(content, CompressionLevel.Optimal);
        var target = new byte[content.Length];
        Assert.True(ZlibDecoder.TryDecode([.. stream, 1, 2, 3], target, out var written));
        Assert.Equal(content.Length, written);

        Assert.False(ZlibDecoder.TryDecode(stream, target.AsSpan(1), out _));
        Assert.False(ZlibDecoder.TryDecode(stream.AsSpan(0, stream.Length - 1), target, out _));
        foreach (var at in new[] { 0, 1, stream.Length - 1, stream.Length - 4 })
        {
            var damaged = (byte[])stream.Clone();
            damaged[at] ^= 1;
            Assert.False(ZlibDecoder.TryDecode(damaged, target, out _), $"Byte {at}.");
        }
    }

    [Fact]
    public void Adler32_AnyLength_IsTheSumOfTheSpecification()
    {
        var random = new Random(3);
        foreach (var length in new[] { 0, 1, 31, 32, 33, 703, 704, 705, 5552, 65_536, 300_007 })
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            foreach (var content in new[] { bytes, [.. Enumerable.Repeat((byte)255, length)] })
            {
                var (s1, s2) = (1u, 0u);
                foreach (var value in content)
                {
                    s1 = (s1 + value) % 65521;
                    s2 = (s2 + s1) % 65521;
                }

                Assert.Equal((s2 << 16) | s1, Adler32.Compute(content));
            }
        }
    }

    private static void AssertDecodes(byte[] stream, byte[] content)
    {
        var buffer = new byte[content.Length + Guard];
        buffer.AsSpan(content.Length).Fill(0xa5);
        Assert.True(ZlibDecoder.TryDecode(stream, buffer.AsSpan(0, content.Length), out var written));
        Assert.Equal(content.Length, written);
        Assert.True(buffer.AsSpan(0, written).SequenceEqual(content));
        Assert.False(buffer.AsSpan(written).ContainsAnyExcept((byte)0xa5));
        if (content.Length > 0)
        {
            Assert.False(ZlibDecoder.TryDecode(stream, buffer.AsSpan(0, content.Length - 1), out _));
        }
    }

    /// <summary>Noise, zeros, text, short patterns, and skewed bytes whose codes are long.</summary>
    private static IEnumerable<byte[]> Contents(int length, Random random)
    {
        var bytes = new byte[length];
        yield return (byte[])bytes.Clone();
        random.NextBytes(bytes);
        yield return (byte[])bytes.Clone();
        yield return [.. bytes.Select(b => (byte)"the grain table"[b % 15])];
        var period = random.Next(1, 40);
        yield return [.. bytes.Select((_, i) => bytes[i % period % Math.Max(1, length)])];
        yield return [.. bytes.Select(_ => (byte)(Math.Pow(random.NextDouble(), 9) * 256))];
    }

    private static byte[] Compress(byte[] content, CompressionLevel level)
    {
        using var target = new MemoryStream();
        using (var zlib = new ZLibStream(target, level, leaveOpen: true))
        {
            zlib.Write(content);
        }

        // The BCL writes nothing at all for nothing.
        return target.Length == 0 ? [0x78, 0x9c, 3, 0, 0, 0, 0, 1] : target.ToArray();
    }

    /// <summary>What zlib makes of a stream; null when it is damaged, cut off, or gives more than <paramref name="limit"/> bytes.</summary>
    private static byte[]? Reference(byte[] stream, int limit)
    {
        using var input = new CountedStream(stream);
        using var inflate = new DeflateStream(input, CompressionMode.Decompress);
        var bytes = new byte[limit + 1];
        try
        {
            // The BCL takes a stream that is cut off for one that ends there; but then it has asked for more.
            var count = inflate.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return count <= limit && !input.WasExhausted ? bytes[..count] : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private sealed class CountedStream(byte[] bytes) : MemoryStream(bytes)
    {
        public bool WasExhausted { get; private set; }

        public override int Read(byte[] buffer, int offset, int count) => Notice(base.Read(buffer, offset, count));

        public override int Read(Span<byte> buffer) => Notice(base.Read(buffer));

        private int Notice(int count)
        {
            WasExhausted |= count == 0;
            return count;
        }
    }
}
