using System.IO.Compression;
using BenchmarkDotNet.Attributes;
using Ferry.DiskImages.Vmdk;

namespace Ferry.DiskImages.Benchmarks;

/// <summary>Compression of a grain of 64 KiB.</summary>
[MemoryDiagnoser]
public class GrainDeflateBenchmarks
{
    private const int GrainSize = 64 * 1024;

    private readonly byte[] _grain = SampleData.Mixed(GrainSize);
    private readonly byte[] _target = new byte[GrainDeflater.Bound(GrainSize)];

    [Params(CompressionLevel.Fastest, CompressionLevel.Optimal)]
    public CompressionLevel Level { get; set; }

    [Benchmark]
    public int Compress() => GrainDeflater.Compress(_grain, 0, Level, _target, 0);
}
