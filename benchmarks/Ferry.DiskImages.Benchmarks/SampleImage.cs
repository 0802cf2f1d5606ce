using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Benchmarks;

/// <summary>An image of sample data in a folder of its own, opened.</summary>
internal sealed class SampleImage : IAsyncDisposable
{
    private readonly string _folder;

    private SampleImage(string folder, IDiskImageReader reader)
    {
        _folder = folder;
        Reader = reader;
    }

    internal IDiskImageReader Reader { get; }

    /// <summary>Converts a disk whose megabytes hold data and nothing in turns.</summary>
    internal static async Task<SampleImage> CreateAsync(DiskImageFormat format, DiskImageVariant variant, long capacity)
    {
        const int MiB = 1 << 20;
        var folder = Directory.CreateTempSubdirectory("ferry-benchmark-").FullName;
        var raw = Path.Combine(folder, "disk.raw");
        var bytes = SampleData.Mixed(MiB);
        await using (var file = File.Create(raw))
        {
            file.SetLength(capacity);
            for (long at = 0; at + MiB <= capacity; at += 2 * MiB)
            {
                file.Position = at;
                await file.WriteAsync(bytes);
            }
        }

        var image = Path.Combine(folder, "disk.img");
        await using (var source = await OpenAsync(raw, DiskImageFormat.Raw))
        {
            await ImageConverter.ConvertAsync(source, image, format, new ImageConvertOptions { Variant = variant, Durable = false });
        }

        return new SampleImage(folder, await OpenAsync(image, format));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Reader.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<IDiskImageReader> OpenAsync(string path, DiskImageFormat format)
    {
        await using var files = LocalImageFiles.ForImage(path, out var name);
        return await DiskImage.OpenAsync(files, name, format);
    }
}
