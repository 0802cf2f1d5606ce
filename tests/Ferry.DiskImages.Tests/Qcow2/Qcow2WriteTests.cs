using Ferry.DiskImages.Tests.Support;
using Ferry.DiskImages.Tests.Writing;
using Xunit;
using static Ferry.DiskImages.Tests.Qcow2.Qcow2Images;

namespace Ferry.DiskImages.Tests.Qcow2;

/// <summary>What the tests of all variants do not ask: cluster sizes, refcounts, other writers, sizes at the limits. QEMU checks each image for errors and leaks.</summary>
public sealed class Qcow2WriteTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<int> ClusterSizes() => [.. Enumerable.Range(9, 13).Select(bits => 1 << bits)];

    /// <summary>Small clusters give many L2 tables and refcount blocks: a block counts 128 KiB of clusters of 512 bytes.</summary>
    [Theory]
    [MemberData(nameof(ClusterSizes))]
    public async Task WriteAndReopen_EveryClusterSize_HoldsWhatWasWritten(int clusterSize)
    {
        var random = Seed.New();
        var sectors = random.Next(1, clusterSize < 4096 ? 5_000 : 40_000);
        var plan = RandomPlans.Plan(random, DiskImageFormat.Qcow2, DiskImageVariant.Dynamic, sectors) with { BlockSize = clusterSize };
        var pieces = RandomPlans.Pieces(random, plan.Allocated, skipSome: true);
        var content = new byte[plan.Capacity];
        VariantWriteTests.Apply(pieces, content);
        var image = new WrittenImage(_folder, "a", DiskImageFormat.Qcow2);
        await image.WriteAsync(plan, pieces);
        await image.AssertHoldsAsync(content);

        for (var round = 0; round < 4; round++)
        {
            var delta = RandomPlans.Delta(random, plan.Capacity);
            pieces = RandomPlans.Pieces(random, delta.Changed, skipSome: true);
            VariantWriteTests.Apply(pieces, content);
            await image.ReopenAsync(delta, pieces, writers: 1 + (round % 2));
            await image.AssertHoldsAsync(content);
        }
    }

    [Theory]
    [MemberData(nameof(ClusterSizes))]
    public async Task Convert_EveryClusterSize_HoldsTheSameCompressedOrNot(int clusterSize)
    {
        var random = Seed.New();
        var capacity = random.Next(1, clusterSize < 4096 ? 8_000 : 30_000) * 512L;
        await WriteRawAsync(_folder["a.raw"], capacity, random, runs: 24);
        await using var source = await Images.OpenAsync(_folder["a.raw"], DiskImageFormat.Raw);
        foreach (var variant in new[] { DiskImageVariant.Dynamic, DiskImageVariant.Compressed })
        {
            var options = new ImageConvertOptions { Variant = variant, BlockSize = clusterSize };
            await ImageConverter.ConvertAsync(source, _folder[$"{variant}.qcow2"], DiskImageFormat.Qcow2, options, cancellationToken: Token);

            await Tool.RunAsync("qemu-img", "check", "-f", "qcow2", _folder[$"{variant}.qcow2"]);
            await Tool.RunAsync("qemu-img", "compare", "-f", "qcow2", "-F", "raw", _folder[$"{variant}.qcow2"], _folder["a.raw"]);
            await using var reader = await Images.OpenAsync(_folder[$"{variant}.qcow2"]);
            await AssertSameAsync(source, reader, random);
            var check = await ImageChecker.CheckAsync(reader, cancellationToken: Token);
            Assert.True(check.IsClean && check.LeakedBytes == 0, $"{string.Join(" ", check.Errors.Select(e => e.Message))} {check.LeakedBytes} bytes leaked");
            Assert.Equal(clusterSize, reader.Info.BlockSize);
        }

        Assert.True(new FileInfo(_folder["Compressed.qcow2"]).Length <= new FileInfo(_folder["Dynamic.qcow2"]).Length + (4 * clusterSize));
    }

    [Fact]
    public async Task Convert_Compressed_IsAboutAsSmallAsByQemu()
    {
        Tool.Require("qemu-img");
        await File.WriteAllBytesAsync(_folder["a.raw"], [.. Contents.Make("text", 4 * MiB, 1), .. Contents.Make("records", 4 * MiB, 2), .. Contents.Make("random", MiB, 3)], Token);
        await using var source = await Images.OpenAsync(_folder["a.raw"], DiskImageFormat.Raw);
        await ImageConverter.ConvertAsync(
            source, _folder["a.qcow2"], DiskImageFormat.Qcow2, new ImageConvertOptions { Variant = DiskImageVariant.Compressed }, cancellationToken: Token);
        await Tool.RunAsync("qemu-img", "convert", "-c", "-O", "qcow2", _folder["a.raw"], _folder["q.qcow2"]);

        Assert.InRange(new FileInfo(_folder["a.qcow2"]).Length, MiB, new FileInfo(_folder["q.qcow2"]).Length * 1.05);
    }

    /// <summary>What another program writes to the image it tells by a bit of the header that it takes away.</summary>
    [Fact]
    public async Task Reopen_ImageThatQemuWroteTo_IsRefused()
    {
        Tool.Require("qemu-io");
        var random = Seed.New();
        var image = new WrittenImage(_folder, "a", DiskImageFormat.Qcow2);
        var plan = RandomPlans.Plan(random, DiskImageFormat.Qcow2, DiskImageVariant.Dynamic, 9_000);
        var id = RandomPlans.ContentId(random);
        await image.WriteAsync(plan, RandomPlans.Pieces(random, plan.Allocated, skipSome: false), contentId: id);
        await using (var reader = await image.OpenAsync())
        {
            Assert.Equal(id, reader.Info.ContentId);
        }

        await Tool.RunAsync("qemu-io", "-r", "-f", "qcow2", "-c", "read 0 512", image.Path);
        await image.ReopenAsync(new DiskImageDelta { Changed = [], DeltaId = Guid.NewGuid() }, []);
        await Tool.RunAsync("qemu-io", "-f", "qcow2", "-c", "write -P 1 0 512", image.Path);

        var e = await Images.FailsAsync(
            DiskImageErrors.UnsupportedVariant,
            async () => await DiskImage.ReopenAsync(image.Path, DiskImageFormat.Qcow2, new DiskImageDelta { Changed = [], DeltaId = Guid.NewGuid() }, Token));
        Assert.Contains("nother program", e.Message, StringComparison.Ordinal);
        await using var changed = await image.OpenAsync();
        Assert.Null(changed.Info.ContentId);
        await Images.FailsAsync(DiskImageErrors.Exists, async () => await DiskImage.CreateOrContinueAsync(image.Path, plan, Token));
    }

    [Fact]
    public async Task Reopen_CompressedOrForeignImage_IsRefused()
    {
        Tool.Require("qemu-img");
        await File.WriteAllBytesAsync(_folder["a.raw"], Contents.Make("text", MiB, 1), Token);
        await using var source = await Images.OpenAsync(_folder["a.raw"], DiskImageFormat.Raw);
        await ImageConverter.ConvertAsync(
            source, _folder["a.qcow2"], DiskImageFormat.Qcow2, new ImageConvertOptions { Variant = DiskImageVariant.Compressed }, cancellationToken: Token);
        await Tool.RunAsync("qemu-img", "create", "-f", "qcow2", _folder["q.qcow2"], "1M");
        foreach (var name in new[] { "a.qcow2", "q.qcow2", "a.raw" })
        {
            var before = await File.ReadAllBytesAsync(_folder[name], Token);
            await Images.FailsAsync(
                DiskImageErrors.UnsupportedVariant,
                async () => await DiskImage.ReopenAsync(_folder[name], DiskImageFormat.Qcow2, new DiskImageDelta { Changed = [new(0, 1)], DeltaId = Guid.NewGuid() }, Token));
            Assert.Equal(before, await File.ReadAllBytesAsync(_folder[name], Token));
        }
    }

    [Fact]
    public async Task CreateOrContinue_CompressedPlan_IsRefused()
    {
        var plan = new DiskImagePlan { Format = DiskImageFormat.Qcow2, Variant = DiskImageVariant.Compressed, Capacity = MiB, Allocated = [], DiskId = Guid.NewGuid() };
        await Images.FailsAsync(DiskImageErrors.UnsupportedVariant, async () => await DiskImage.CreateOrContinueAsync(_folder["a.qcow2"], plan, Token));
        Assert.False(File.Exists(_folder["a.qcow2"]));
    }

    /// <summary>What an interrupted conversion left is replaced; what a plan began is not.</summary>
    [Theory]
    [InlineData(DiskImageVariant.Dynamic)]
    [InlineData(DiskImageVariant.Compressed)]
    public async Task Convert_OverALeftover_ReplacesIt(DiskImageVariant variant)
    {
        await File.WriteAllBytesAsync(_folder["a.raw"], Contents.Make("text", MiB, 1), Token);
        await using var source = await Images.OpenAsync(_folder["a.raw"], DiskImageFormat.Raw);
        var options = new ImageConvertOptions { Variant = variant };
        await ImageConverter.ConvertAsync(source, _folder["a.qcow2"], DiskImageFormat.Qcow2, options, cancellationToken: Token);
        var whole = await File.ReadAllBytesAsync(_folder["a.qcow2"], Token);
        await Images.FailsAsync(DiskImageErrors.Exists, () => ImageConverter.ConvertAsync(source, _folder["a.qcow2"], DiskImageFormat.Qcow2, options, cancellationToken: Token));

        await File.WriteAllBytesAsync(_folder["a.qcow2"], [.. "FERRYINC"u8, .. whole[8..(whole.Length / 2)]], Token);
        await Images.FailsAsync(DiskImageErrors.Incomplete, () => Images.OpenAsync(_folder["a.qcow2"]));
        await ImageConverter.ConvertAsync(source, _folder["a.qcow2"], DiskImageFormat.Qcow2, options, cancellationToken: Token);
        Assert.Equal(whole, await File.ReadAllBytesAsync(_folder["a.qcow2"], Token));

        var plan = new DiskImagePlan { Format = DiskImageFormat.Qcow2, Capacity = MiB, Allocated = [new(0, 512)], DiskId = Guid.NewGuid() };
        await using (await DiskImage.CreateOrContinueAsync(_folder["p.qcow2"], plan, Token))
        {
        }

        await Images.FailsAsync(DiskImageErrors.Exists, () => ImageConverter.ConvertAsync(source, _folder["p.qcow2"], DiskImageFormat.Qcow2, options, cancellationToken: Token));
    }

    [Theory]
    [InlineData(511, MiB, 512)]
    [InlineData(256, MiB, 512)]
    [InlineData(4 * MiB, MiB, 512)]
    [InlineData(96 * KiB, MiB, 512)]
    [InlineData(-65536, MiB, 512)]
    [InlineData(0, 0, 512)]
    [InlineData(0, -512, 512)]
    [InlineData(0, 513, 512)]
    [InlineData(0, 512, 4096)]
    [InlineData(0, MiB, 1024)]
    [InlineData(512, 128L << 30, 512)]
    [InlineData(0, 1L << 56, 512)]
    public async Task CreateOrContinue_SizesThatTheFormatDoesNotAllow_AreRefused(int blockSize, long capacity, int sector)
    {
        var plan = new DiskImagePlan
        {
            Format = DiskImageFormat.Qcow2, Capacity = capacity, BlockSize = blockSize, LogicalSectorSize = sector, Allocated = [], DiskId = Guid.NewGuid(),
        };
        await Assert.ThrowsAsync<ArgumentException>(async () => await DiskImage.CreateOrContinueAsync(_folder["a.qcow2"], plan, Token));
        Assert.False(File.Exists(_folder["a.qcow2"]));
    }

    /// <summary>Every size around those where another refcount block or L2 table is needed.</summary>
    [Fact]
    [Trait("Tier", "all")]
    public async Task Convert_SizesAroundEveryTable_AreCountedRight()
    {
        Tool.Require("qemu-img");
        var random = Seed.New();
        for (var clusters = 1; clusters < 530; clusters += clusters is > 50 and < 180 or > 200 and < 240 or > 270 and < 490 ? 17 : 1)
        {
            await File.WriteAllBytesAsync(_folder["a.raw"], Contents.Make(clusters % 2 == 0 ? "random" : "text", clusters * 512, clusters), Token);
            await using var source = await Images.OpenAsync(_folder["a.raw"], DiskImageFormat.Raw);
            var options = new ImageConvertOptions { BlockSize = 512, Overwrite = true, Durable = false, Variant = clusters % 3 == 0 ? DiskImageVariant.Compressed : DiskImageVariant.Dynamic };
            await ImageConverter.ConvertAsync(source, _folder["a.qcow2"], DiskImageFormat.Qcow2, options, cancellationToken: Token);
            await Tool.RunAsync("qemu-img", "check", _folder["a.qcow2"]);

            var plan = new DiskImagePlan { Format = DiskImageFormat.Qcow2, Capacity = clusters * 512L, BlockSize = 512, Allocated = [new(0, clusters * 512L)], DiskId = new Guid(clusters, 0, 0, new byte[8]) };
            await using (var writer = await DiskImage.CreateOrContinueAsync(_folder[$"{clusters}.qcow2"], plan, Token))
            {
                await writer.CompleteAsync(Token);
            }

            await Tool.RunAsync("qemu-img", "check", _folder[$"{clusters}.qcow2"]);
        }
    }
}
