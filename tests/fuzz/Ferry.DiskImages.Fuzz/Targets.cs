using Ferry.DiskImages.Compression.Zstd;
using Ferry.DiskImages.FileSystems;
using Ferry.DiskImages.Ova;
using Ferry.DiskImages.Tests.Fuzzing;
using Ferry.DiskImages.Tests.Volumes.Support;

namespace Ferry.DiskImages.Fuzz;

/// <summary>What is fuzzed, by name.</summary>
internal static class Targets
{
    private const string Name = "a";
    private const int MostExtents = 32;
    private const int LongestRead = 64 * 1024;

    /// <summary>All.</summary>
    public static IReadOnlyDictionary<string, Func<byte[], Task>> All { get; } = new Dictionary<string, Func<byte[], Task>>
    {
        ["image"] = ReadImageAsync,
        ["volumes"] = ReadVolumesAsync,
        ["archive"] = ReadArchiveAsync,
        ["zstd"] = DecodeAsync,
    };

    private static async Task ReadImageAsync(byte[] bytes)
    {
        await using var files = new MemoryImageFiles(new Dictionary<string, byte[]> { [Name] = bytes });
        await using var image = await DiskImage.OpenAsync(files, Name);
        await ImageChecker.CheckAsync(image);
        var buffer = new byte[LongestRead];
        var count = 0;
        await foreach (var extent in image.GetExtentsAsync(0, image.Capacity))
        {
            if (count++ == MostExtents)
            {
                return;
            }

            if (extent.Kind == ExtentKind.Data)
            {
                await image.ReadAsync(extent.Offset, buffer.AsMemory(0, (int)Math.Min(LongestRead, extent.Length)));
            }
        }
    }

    private static async Task ReadVolumesAsync(byte[] bytes)
    {
        await using var disk = new SparseDisk(Math.Max(512, bytes.Length / 512 * 512)).With(0, bytes);
        await UsedBlockMap.ReadAsync(disk);
    }

    private static async Task ReadArchiveAsync(byte[] bytes)
    {
        await using var files = await OvaImageFiles.OpenArchiveAsync(new MemoryByteSource(Name, bytes));
        foreach (var member in files.Members)
        {
            await using var source = await files.OpenAsync(member.Name);
            await source.ReadAsync(0, new byte[(int)Math.Min(LongestRead, source.Length)]);
        }
    }

    private static Task DecodeAsync(byte[] bytes)
    {
        try
        {
            ZstdDecoder.Decode(bytes, new byte[LongestRead]);
        }
        catch (InvalidDataException)
        {
            // The documented outcome.
        }

        return Task.CompletedTask;
    }
}
