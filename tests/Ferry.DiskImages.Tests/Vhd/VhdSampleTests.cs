using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Vhd;

/// <summary>VHD images of Windows, Virtual PC, Disk2vhd and a fuzzer; the facts are those of samples.md.</summary>
public sealed class VhdSampleTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("fox-it-dissect.hypervisor/vhd/fixed.vhd.gz", "fixed", 10485760, "459325ab1fcd1d5ec9854cba790ee26378317cda177ffc1072008a1df88e6463", "win 10.0")]
    [InlineData("qemu-qemu/sample_images/d2v-zerofilled.vhd.bz2", "dynamic", 263454720, "1ba076be94a8a64541c25aae8d5a5f8b0da758c3797af597e03acb431ff8d143", "d2v 1.0")]
    public async Task Open_Sample_HasItsContent(string sample, string variant, long capacity, string sha256, string creator)
    {
        var path = await Samples.UnpackAsync(sample, _folder.Path);

        await using var reader = await Images.OpenAsync(path);

        Assert.Equal(DiskImageFormat.Vhd, reader.Info.Format);
        Assert.Equal(variant, reader.Info.Variant);
        Assert.Equal(capacity, reader.Capacity);
        Assert.Equal(creator, reader.Info.Properties["creator"]);
        Assert.Equal(sha256, await Images.HashAsync(reader, 1_000_003));
        await Images.CheckExtentsAsync(reader);
        await reader.VerifyUnchangedAsync(Token);
    }

    [Fact]
    public async Task Convert_FixedImageOfWindows_GivesTheSameFileButForTheTime()
    {
        var path = await Samples.UnpackAsync("fox-it-dissect.hypervisor/vhd/fixed.vhd.gz", _folder.Path);
        await using var reader = await Images.OpenAsync(path);

        await ImageConverter.ConvertAsync(reader, _folder["b.vhd"], DiskImageFormat.Vhd, new ImageConvertOptions { Variant = DiskImageVariant.Fixed }, cancellationToken: Token);

        var expected = await File.ReadAllBytesAsync(path, Token);
        var actual = await File.ReadAllBytesAsync(_folder["b.vhd"], Token);
        foreach (var field in new[] { 24, 64 })
        {
            expected.AsSpan(expected.Length - 512 + field, 4).Clear();
            actual.AsSpan(actual.Length - 512 + field, 4).Clear();
        }

        Assert.True(expected.AsSpan().SequenceEqual(actual));
    }

    [Fact]
    public async Task Open_VirtualPc_HasTheSizeOfItsGeometry()
    {
        var path = await Samples.UnpackAsync("qemu-qemu/sample_images/virtualpc-dynamic.vhd.bz2", _folder.Path);

        await using var reader = await Images.OpenAsync(path);

        Assert.Equal(136363130880, reader.Capacity);
        Assert.Equal("136365211648", reader.Info.Properties["size in footer"]);
        Assert.Equal("65278/16/255", reader.Info.Properties["geometry"]);
        Assert.Equal([new DiskExtent(0, 136363130880, ExtentKind.Unallocated)], await reader.GetExtentsAsync(0, reader.Capacity, Token).ToListAsync(Token));
    }

    [Fact]
    public async Task Open_FuzzedImage_IsRefused()
    {
        var path = await Samples.UnpackAsync("qemu-qemu/sample_images/afl5.img.bz2", _folder.Path);

        // It ends within the header whose table would be far too large.
        var e = await Images.FailsAsync(DiskImageErrors.Truncated, () => Images.OpenAsync(path));

        Assert.Contains("dynamic disk header", e.Message, StringComparison.Ordinal);
        await File.AppendAllBytesAsync(path, new byte[1 << 16], Token);
        await Images.FailsAsync(DiskImageErrors.Corrupt, () => Images.OpenAsync(path));
    }

    [Fact]
    public async Task Open_DifferencingImageAlone_NamesItsParent()
    {
        var path = await Samples.UnpackAsync("log2timeline-dfvfs/fat-differential.vhd.gz", _folder.Path);

        var e = await Images.FailsAsync(DiskImageErrors.MissingFile, () => Images.OpenAsync(path));

        Assert.Contains("\"fat-parent.vhd\" (id 5fa21a55-f394-aa4d-9958-1951a67d5540)", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3u)]
    [InlineData(2u)]
    public async Task Open_DifferencingImageOfWindows_TakesTheRestFromAParent(uint parentType)
    {
        var path = await Samples.UnpackAsync("log2timeline-dfvfs/fat-differential.vhd.gz", _folder.Path);
        var content = new byte[4194304];
        new Random(4).NextBytes(content);
        var parent = new VhdBuilder { Content = content, Type = parentType, Id = new Guid("5fa21a55-f394-aa4d-9958-1951a67d5540"), BlockSize = 512 << 10 };
        await File.WriteAllBytesAsync(_folder["fat-parent.vhd"], parent.Build(), Token);

        await using var reader = await Images.OpenAsync(path);

        Assert.Equal("differencing", reader.Info.Variant);
        Assert.Equal(["fat-differential.vhd", "fat-parent.vhd"], reader.Info.Files);
        Assert.Equal(await SevenZip.HashAsync(path), await Images.HashAsync(reader, 100_000));
    }
}
