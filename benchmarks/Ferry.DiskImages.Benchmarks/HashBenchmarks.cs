using BenchmarkDotNet.Attributes;

namespace Ferry.DiskImages.Benchmarks;

/// <summary>SHA-256 of a whole disk of 64 MiB, half of it zero.</summary>
public class HashBenchmarks : IAsyncDisposable
{
    private const long Capacity = 64L << 20;

    private SampleImage? _image;

    [Params("vhdx", "vmdk-stream")]
    public string Format { get; set; } = "";

    [GlobalSetup]
    public async Task SetUpAsync() => _image = Format == "vhdx"
        ? await SampleImage.CreateAsync(DiskImageFormat.Vhdx, DiskImageVariant.Dynamic, Capacity)
        : await SampleImage.CreateAsync(DiskImageFormat.Vmdk, DiskImageVariant.StreamOptimized, Capacity);

    [GlobalCleanup]
    public async Task CleanUpAsync() => await DisposeAsync();

    [Benchmark]
    public Task<string> Hash() => ImageHasher.ComputeAsync(_image!.Reader);

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
