using BenchmarkDotNet.Attributes;
using Ferry.DiskImages.Conversion;

namespace Ferry.DiskImages.Benchmarks;

/// <summary>The search for zeros in a piece of a disk.</summary>
public class ZeroScanBenchmarks
{
    private const int PieceSize = 512 * 1024;

    private readonly byte[] _zeros = new byte[PieceSize];
    private readonly byte[] _data = SampleData.Mixed(PieceSize);
    private readonly byte[] _lastByte = new byte[PieceSize];

    [GlobalSetup]
    public void SetUp()
    {
        // Every granule has to be read to its end.
        for (var end = ZeroRuns.Granule; end <= PieceSize; end += ZeroRuns.Granule)
        {
            _lastByte[end - 1] = 1;
        }
    }

    [Benchmark]
    public bool Zeros() => ZeroRuns.FindData(_zeros, 0, ZeroRuns.Granule) is null;

    [Benchmark]
    public bool Data() => ZeroRuns.FindData(_data, 0, ZeroRuns.Granule) is null;

    [Benchmark]
    public bool DataAtTheEndOfEachGranule() => ZeroRuns.FindData(_lastByte, 0, ZeroRuns.Granule) is null;
}
