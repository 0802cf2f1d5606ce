using BenchmarkDotNet.Attributes;
using Ferry.DiskImages.Compression;

namespace Ferry.DiskImages.Benchmarks;

/// <summary>Decompression of a grain of 64 KiB.</summary>
[MemoryDiagnoser]
public class GrainInflateBenchmarks
{
    private const int GrainSize = 64 * 1024;

    private readonly byte[] _target = new byte[GrainSize];
    private byte[] _stream = [];

    [GlobalSetup]
    public void SetUp() => _stream = SampleData.Compress(SampleData.Mixed(GrainSize));

    [Benchmark]
    public bool Inflate() => Inflation.TryZlib(_stream, _target, out _);
}
