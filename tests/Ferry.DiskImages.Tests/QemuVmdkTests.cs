using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests;

/// <summary>Images that qemu-img writes, in every VMDK subformat and in VHDX, and back.</summary>
public sealed class QemuVmdkTests : IDisposable
{
    private const int MiB = 1 << 20;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, long, int> Subformats()
    {
        var data = new TheoryData<string, string, long, int>();
        var seed = 100;
        foreach (var subformat in new[] { "monolithicSparse", "streamOptimized", "monolithicFlat", "twoGbMaxExtentSparse", "twoGbMaxExtentFlat" })
        {
            data.Add("vmdk", subformat, 40L * MiB, seed++);
            data.Add("vmdk", subformat, (35L * MiB) + 512, seed++);
            data.Add("vmdk", subformat, (3L << 30) + (5 * 512), seed++);
        }

        data.Add("vhdx", "dynamic", (70L * MiB) + 1024, seed++);
        data.Add("vhdx", "fixed", 9L * MiB, seed++);
        return data;
    }

    [Theory]
    [MemberData(nameof(Subformats))]
    public async Task OpenAndConvert_ImageOfQemu_HasTheSameContent(string format, string subformat, long capacity, int seed)
    {
        Tool.Require("qemu-img");
        await WriteRawAsync(_folder["source.raw"], capacity, new Random(seed));
        await Tool.RunAsync("qemu-img", "convert", "-f", "raw", "-O", format, "-o", $"subformat={subformat}", _folder["source.raw"], _folder["a.img"]);

        await using var raw = await Images.OpenAsync(_folder["source.raw"], DiskImageFormat.Raw);
        await using var image = await Images.OpenAsync(_folder["a.img"]);

        Assert.Equal(subformat, image.Info.Variant);
        Assert.Equal(capacity, image.Capacity);
        Assert.True((await ImageComparer.CompareAsync(raw, image, cancellationToken: Token)).IsIdentical);
        await Images.CheckExtentsAsync(image);
        await AssertRandomReadsAsync(raw, image, new Random(seed));

        await ImageConverter.ConvertAsync(image, _folder["b.vhdx"], DiskImageFormat.Vhdx, cancellationToken: Token);
        await Tool.RunAsync("qemu-img", "check", _folder["b.vhdx"]);
        await Tool.RunAsync("qemu-img", "compare", "-F", "vhdx", "-f", "raw", _folder["source.raw"], _folder["b.vhdx"]);

        var first = await File.ReadAllBytesAsync(_folder["b.vhdx"], Token);
        await ImageConverter.ConvertAsync(image, _folder["b.vhdx"], DiskImageFormat.Vhdx, new ImageConvertOptions { Overwrite = true, Durable = false }, cancellationToken: Token);
        var second = await File.ReadAllBytesAsync(_folder["b.vhdx"], Token);
        Assert.True(first.AsSpan().SequenceEqual(second), "A repeated conversion gave other bytes.");

        await ImageConverter.ConvertAsync(image, _folder["b.raw"], DiskImageFormat.Raw, cancellationToken: Token);
        await Tool.RunAsync("qemu-img", "compare", "-F", "raw", "-f", "raw", _folder["source.raw"], _folder["b.raw"]);
        Assert.False(File.Exists(_folder["b.raw.incomplete"]));
    }

    /// <summary>Random, compressible and zero runs with holes between, and something at both ends.</summary>
    private static async Task WriteRawAsync(string path, long capacity, Random random)
    {
        await using var file = File.Create(path);
        file.SetLength(capacity);
        for (var i = 0; i < 12; i++)
        {
            var bytes = new byte[random.Next(1, 300_000)];
            if (i % 3 != 0)
            {
                random.NextBytes(i % 3 == 1 ? bytes : bytes.AsSpan(0, bytes.Length / 8));
            }

            file.Position = i switch { 0 => 0, 1 => capacity - bytes.Length, _ => random.NextInt64(capacity - bytes.Length) };
            await file.WriteAsync(bytes, Token);
        }
    }

    private static async Task AssertRandomReadsAsync(IDiskImageReader expected, IDiskImageReader actual, Random random)
    {
        await Parallel.ForAsync(0, 200, Token, async (_, token) =>
        {
            int length;
            long offset;
            lock (random)
            {
                length = random.Next(1, random.Next(2) == 0 ? 5000 : 400_000);
                offset = random.NextInt64(expected.Capacity - length);
            }

            var a = new byte[length];
            var b = new byte[length];
            await expected.ReadAsync(offset, a, token);
            await actual.ReadAsync(offset, b, token);
            Assert.True(a.AsSpan().SequenceEqual(b), $"{length} bytes at {offset} differ.");
        });
    }
}
