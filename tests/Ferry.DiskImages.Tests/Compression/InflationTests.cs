using System.IO.Compression;
using System.Text;
using Ferry.DiskImages.Compression;
using Xunit;

namespace Ferry.DiskImages.Tests.Compression;

/// <summary>What counts as a whole zlib stream, and what as a DEFLATE stream that fills a cluster.</summary>
public sealed class InflationTests
{
    private static readonly byte[] s_content = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("of grains and tables ", 500)));

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Fastest)]
    [InlineData(CompressionLevel.SmallestSize)]
    public void TryZlib_WholeStream_GivesItsBytes(CompressionLevel level)
    {
        var target = new byte[s_content.Length + 10];

        Assert.True(Inflation.TryZlib((byte[])[.. Compress(level), 1, 2, 3], target, out var written));

        Assert.True(target.AsSpan(0, written).SequenceEqual(s_content));
        Assert.False(target.AsSpan(written).ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void TryZlib_MoreThanTheTargetHolds_IsRefused() =>
        Assert.False(Inflation.TryZlib(Compress(CompressionLevel.Optimal), new byte[s_content.Length - 1], out _));

    /// <summary>Also where only the sum is cut off, which the BCL by itself takes for the end.</summary>
    [Fact]
    public void TryZlib_CutOffAnywhere_IsRefused()
    {
        var stream = Compress(CompressionLevel.Optimal);
        for (var length = 0; length < stream.Length; length++)
        {
            Assert.False(Inflation.TryZlib(stream.AsMemory(0, length), new byte[s_content.Length], out _), $"{length} bytes of {stream.Length}");
        }
    }

    [Fact]
    public void TryZlib_DamagedHeaderOrSum_IsRefused()
    {
        var stream = Compress(CompressionLevel.Optimal);
        foreach (var at in new[] { 0, 1, stream.Length - 4, stream.Length - 3, stream.Length - 2, stream.Length - 1 })
        {
            var damaged = (byte[])stream.Clone();
            damaged[at] ^= 1;
            Assert.False(Inflation.TryZlib(damaged, new byte[s_content.Length], out _), $"Byte {at}.");
        }
    }

    [Fact]
    public void TryZlib_DamagedAnywhere_IsRefused()
    {
        var random = new Random(3);
        var stream = Compress(CompressionLevel.Optimal);
        for (var round = 0; round < 2000; round++)
        {
            var damaged = (byte[])stream.Clone();
            damaged[random.Next(damaged.Length)] ^= (byte)random.Next(1, 256);
            var target = new byte[s_content.Length];
            var accepted = Inflation.TryZlib(damaged, target, out _);

            Assert.True(!accepted || target.AsSpan().SequenceEqual(s_content), $"Round {round}.");
        }
    }

    [Fact]
    public void TryDeflate_StreamThatGoesOn_FillsTheTarget()
    {
        var target = new byte[1000];

        Assert.True(Inflation.TryDeflate(Compress(CompressionLevel.Optimal).AsMemory(2), target));

        Assert.True(target.AsSpan().SequenceEqual(s_content.AsSpan(0, 1000)));
    }

    [Fact]
    public void TryDeflate_TooFewBytesOrNoise_IsRefused()
    {
        var stream = Compress(CompressionLevel.Optimal).AsMemory(2);
        Assert.False(Inflation.TryDeflate(stream, new byte[s_content.Length + 1]));
        Assert.False(Inflation.TryDeflate(stream[..(stream.Length / 2)], new byte[s_content.Length]));
        Assert.False(Inflation.TryDeflate(Enumerable.Repeat((byte)0xff, 400).ToArray(), new byte[512]));
        Assert.False(Inflation.TryDeflate(ReadOnlyMemory<byte>.Empty, new byte[512]));
    }

    private static byte[] Compress(CompressionLevel level)
    {
        using var target = new MemoryStream();
        using (var zlib = new ZLibStream(target, level, leaveOpen: true))
        {
            zlib.Write(s_content);
        }

        return target.ToArray();
    }
}
