using System.Text.Json;
using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Vhd;

/// <summary>Images that qemu-img writes, in both subformats, and back. (qemu-img check does not know VHD.)</summary>
public sealed class QemuVhdTests : IDisposable
{
    private const int MiB = 1 << 20;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, bool, long> QemuImages() => new MatrixTheoryData<string, bool, long>(
        ["dynamic", "fixed"], [true, false], [40L * MiB, (35L * MiB) + 512, (3L << 30) + (5 * 512), 512]);

    [Theory]
    [MemberData(nameof(QemuImages))]
    public async Task OpenAndConvert_ImageOfQemu_HasTheSameContent(string subformat, bool forceSize, long capacity)
    {
        Tool.Require("qemu-img");
        await WriteRawAsync(_folder["source.raw"], capacity, new Random((int)capacity + subformat.Length));
        await Tool.RunAsync(
            "qemu-img", "convert", "-f", "raw", "-O", "vpc", "-o", $"subformat={subformat},force_size={(forceSize ? "on" : "off")}", _folder["source.raw"], _folder["a.vhd"]);

        await using var raw = await Images.OpenAsync(_folder["source.raw"], DiskImageFormat.Raw);
        await using var image = await Images.OpenAsync(_folder["a.vhd"]);

        // Without force_size the disk grows to the next geometry.
        Assert.Equal(await QemuSizeAsync("a.vhd"), image.Capacity);
        Assert.Equal(subformat, image.Info.Variant);
        Assert.Equal(forceSize ? capacity : image.Capacity, image.Capacity);
        Assert.Null((await ImageComparer.CompareAsync(raw, image, cancellationToken: Token)).FirstDifference);
        await Images.CheckExtentsAsync(image);

        foreach (var variant in DiskImageVariants.Of(DiskImageFormat.Vhd))
        {
            await ImageConverter.ConvertAsync(image, _folder["b.vhd"], DiskImageFormat.Vhd, new ImageConvertOptions { Variant = variant, Durable = false, Overwrite = true }, cancellationToken: Token);
            var expected = variant == DiskImageVariant.Azure ? (image.Capacity + MiB - 1) / MiB * MiB : image.Capacity;
            Assert.Equal(expected, await QemuSizeAsync("b.vhd"));
            await Tool.RunAsync("qemu-img", "compare", "-f", "vpc", "-F", "vpc", _folder["a.vhd"], _folder["b.vhd"]);
            await using var written = await Images.OpenAsync(_folder["b.vhd"]);
            Assert.Equal(expected, written.Capacity);
            Assert.Equal(variant == DiskImageVariant.Dynamic ? "dynamic" : "fixed", written.Info.Variant);
            Assert.Equal(image.Info.DiskId, written.Info.DiskId);
            Assert.Null((await ImageComparer.CompareAsync(raw, written, cancellationToken: Token)).FirstDifference);
            await Images.CheckExtentsAsync(written);
        }
    }

    [Fact]
    public async Task Write_ByQemu_IntoAnImageOfFerry_IsReadBack()
    {
        Tool.Require("qemu-io");
        await WriteRawAsync(_folder["source.raw"], 70L * MiB, new Random(1));
        await using (var raw = await Images.OpenAsync(_folder["source.raw"], DiskImageFormat.Raw))
        {
            await ImageConverter.ConvertAsync(raw, _folder["a.vhd"], DiskImageFormat.Vhd, cancellationToken: Token);
        }

        // Overwrites, appends blocks, and moves the footer.
        foreach (var command in new[] { "write -P 7 0 3M", "write -P 9 33M 512", "write -P 11 69M 1M" })
        {
            await Tool.RunAsync("qemu-io", "-f", "vpc", "-c", command, _folder["a.vhd"]);
            await Tool.RunAsync("qemu-io", "-f", "raw", "-c", command, _folder["source.raw"]);
        }

        await using var expected = await Images.OpenAsync(_folder["source.raw"], DiskImageFormat.Raw);
        await using var actual = await Images.OpenAsync(_folder["a.vhd"]);
        Assert.True((await ImageComparer.CompareAsync(expected, actual, cancellationToken: Token)).IsIdentical);

        // Blocks that qemu appended do not stand where Ferry's do.
        var delta = new DiskImageDelta { Changed = [new DiskRange(0, 512)], DeltaId = Guid.NewGuid() };
        await Images.FailsAsync(DiskImageErrors.UnsupportedVariant, async () => await DiskImage.ReopenAsync(_folder["a.vhd"], DiskImageFormat.Vhd, delta, Token));
    }

    private async Task<long> QemuSizeAsync(string name)
    {
        using var info = JsonDocument.Parse(await Tool.RunAsync("qemu-img", "info", "--output=json", "-f", "vpc", _folder[name]));
        return info.RootElement.GetProperty("virtual-size").GetInt64();
    }

    /// <summary>Random, compressible and zero runs with holes between, and something at both ends.</summary>
    private static async Task WriteRawAsync(string path, long capacity, Random random)
    {
        await using var file = File.Create(path);
        file.SetLength(capacity);
        for (var i = 0; i < 12; i++)
        {
            var bytes = new byte[(int)Math.Min(capacity, random.Next(1, 300_000))];
            random.NextBytes(bytes.AsSpan(0, bytes.Length / (i % 3 + 1)));
            file.Position = i switch { 0 => 0, 1 => capacity - bytes.Length, _ => random.NextInt64(capacity - bytes.Length + 1) };
            await file.WriteAsync(bytes, Token);
        }
    }
}
