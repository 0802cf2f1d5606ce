using Ferry.DiskImages.Tests.Support;
using Ferry.DiskImages.Tests.Writing;
using Xunit;

namespace Ferry.DiskImages.Tests.Vhdx;

/// <summary>Images that qemu-img makes, with each of its options, are read as QEMU reads them.</summary>
public sealed class QemuVhdxTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("subformat=dynamic", "dynamic", 0)]
    [InlineData("subformat=fixed", "fixed", 0)]
    [InlineData("subformat=dynamic,block_size=1M", "dynamic", 1)]
    [InlineData("subformat=dynamic,block_size=2M,block_state_zero=off", "dynamic", 2)]
    [InlineData("subformat=dynamic,block_size=256M", "dynamic", 256)]
    [InlineData("subformat=fixed,block_size=4M,log_size=8M", "fixed", 4)]
    public async Task Open_ImageOfQemu_HasTheSameContent(string options, string variant, int blockMiB)
    {
        Tool.Require("qemu-img");
        var random = Seed.New();
        var content = new byte[random.Next(1, 60_000) * 512];
        VariantWriteTests.Apply(RandomPlans.Pieces(random, RandomPlans.Delta(random, content.Length).Changed, skipSome: false), content);
        await File.WriteAllBytesAsync(_folder["a.raw"], content, Token);
        await Tool.RunAsync("qemu-img", "convert", "-f", "raw", "-O", "vhdx", "-o", options, _folder["a.raw"], _folder["a.vhdx"]);

        await using var reader = await Images.OpenAsync(_folder["a.vhdx"]);

        Assert.Equal(variant, reader.Info.Variant);
        Assert.True(blockMiB == 0 || reader.Info.BlockSize == blockMiB << 20);
        Assert.Equal(content.Length, reader.Capacity);
        Assert.StartsWith("QEMU", reader.Info.Properties["creator"], StringComparison.Ordinal);
        var actual = new byte[content.Length];
        await reader.ReadAsync(0, actual, Token);
        Assert.Equal(content.Length, content.AsSpan().CommonPrefixLength(actual));
        await Images.CheckExtentsAsync(reader);
    }
}
