using BenchmarkDotNet.Attributes;

namespace Ferry.DiskImages.Benchmarks;

/// <summary>Reads from a VHDX of which every other block is there, from the page cache.</summary>
[MemoryDiagnoser]
public class ScatteredReadBenchmarks : IAsyncDisposable
{
    private const long Capacity = 256L << 20;
    private const int Reads = 1000;

    private readonly long[] _offsets = new long[Reads];
    private readonly byte[] _buffer = new byte[4 << 20];
    private SampleImage? _image;

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        var random = new Random(1);
        for (var i = 0; i < Reads; i++)
        {
            _offsets[i] = random.NextInt64(Capacity / 4096) * 4096;
        }

        _image = await SampleImage.CreateAsync(DiskImageFormat.Vhdx, DiskImageVariant.Dynamic, Capacity);
    }

    [GlobalCleanup]
    public async Task CleanUpAsync() => await DisposeAsync();

    /// <summary>4 KiB anywhere.</summary>
    [Benchmark(OperationsPerInvoke = Reads)]
    public async Task Small()
    {
        foreach (var offset in _offsets)
        {
            await _image!.Reader.ReadAsync(offset, _buffer.AsMemory(0, 4096));
        }
    }

    /// <summary>4 MiB over four blocks.</summary>
    [Benchmark]
    public async Task OverSeveralBlocks() => await _image!.Reader.ReadAsync(Capacity / 2, _buffer);

    /// <summary>All extents of the disk.</summary>
    [Benchmark]
    public async Task<int> Extents() => await _image!.Reader.GetExtentsAsync(0, Capacity).CountAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_image is not null)
        {
            await _image.DisposeAsync();
            _image = null;
        }

        GC.SuppressFinalize(this);
    }
}
