using System.IO.Compression;
using BenchmarkDotNet.Attributes;
using Ferry.DiskImages.Compression.Deflate;

namespace Ferry.DiskImages.Benchmarks;

/// <summary>Decompression of a grain of 64 KiB, with the stream of the BCL (zlib-ng) for comparison.</summary>
[MemoryDiagnoser]
public class GrainInflateBenchmarks
{
    private const int GrainSize = 64 * 1024;

    private readonly byte[] _target = new byte[GrainSize];
    private byte[] _stream = [];

    [GlobalSetup]
    public void SetUp() => _stream = SampleData.Compress(SampleData.Mixed(GrainSize));

    [Benchmark(Baseline = true)]
    public int StreamOfTheBcl()
    {
        using var input = new MemoryStream(_stream, writable: false);
        using var zlib = new ZLibStream(input, CompressionMode.Decompress);
        return zlib.ReadAtLeast(_target, GrainSize, throwOnEndOfStream: false);
    }

    [Benchmark]
    public bool Decoder() => ZlibDecoder.TryDecode(_stream, _target, out _);

    [Benchmark]
    public uint Checksum() => Adler32.Compute(_target);
}
