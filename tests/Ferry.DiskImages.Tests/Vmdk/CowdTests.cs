using Ferry.DiskImages.Tests.Support;
using Ferry.DiskImages.Vmdk.Cowd;
using Xunit;

namespace Ferry.DiskImages.Tests.Vmdk;

/// <summary>COWD extents (createType vmfsSparse), alone and over a flat disk of an ESXi host; qemu-img reads them, too.</summary>
public sealed class CowdTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1u, 4096L, 1)]
    [InlineData(1u, (4096L * 3) + 1, 2)]
    [InlineData(8u, 8L * 4096, 3)]
    [InlineData(8u, (8L * 4096 * 2) + 9, 4)]
    [InlineData(128u, (128L * 4096) + 127, 5)]
    public async Task Open_OverAFlatDisk_HasTheContentThatQemuReads(uint grainSectors, long sectors, int seed)
    {
        Tool.Require("qemu-img");
        var random = new Random(seed);
        var (parent, child) = await CreateAsync(grainSectors, sectors, random);

        await using var image = await Images.OpenAsync(child);
        await Tool.RunAsync("qemu-img", "convert", "-f", "vmdk", "-O", "raw", child, _folder["a.raw"]);
        await using var raw = await Images.OpenAsync(_folder["a.raw"], DiskImageFormat.Raw);

        Assert.Equal((sectors * 512, "vmfsSparse", grainSectors * 512L), (image.Capacity, image.Info.Variant, image.Info.BlockSize));
        Assert.Equal(["vm-000001.vmdk", "vm-000001-delta.vmdk", "vm.vmdk", "vm-flat.vmdk"], image.Info.Files);
        Assert.Equal(image.Info.Files, image.Pins.Select(p => p.Name));
        Assert.Equal("vmfs", image.Info.Parent!.Variant);
        Assert.True((await ImageComparer.CompareAsync(raw, image, cancellationToken: Token)).IsIdentical);
        Assert.Equal(await Images.HashAsync(raw), await Images.HashAsync(image, 77_777));
        await VmdkReads.AssertExtentsAsync(image, raw);
        await VmdkReads.AssertRandomReadsAsync(raw, image, random);
        await using var below = await Images.OpenAsync(parent);
        Assert.False((await ImageComparer.CompareAsync(below, image, cancellationToken: Token)).IsIdentical);
    }

    [Fact]
    public async Task Open_GrainsAroundEveryTableBoundary_AreKeptApart()
    {
        Tool.Require("qemu-img");
        const long Sectors = (CowdHeader.TableEntries * 3) + 5;
        var builder = new CowdFileBuilder(Sectors, 1);
        foreach (var grain in new[] { 0, 4095, 4096, 8191, 8192, 12287, 12288, Sectors - 1 })
        {
            builder.Set(grain, [.. Enumerable.Repeat((byte)(1 + (grain % 251)), 512)]);
        }

        await File.WriteAllBytesAsync(_folder["a-delta.vmdk"], builder.Build(new Random(1)), Token);
        await File.WriteAllTextAsync(_folder["a.vmdk"], VmdkText.Descriptor("vmfsSparse", $"RW {Sectors} VMFSSPARSE \"a-delta.vmdk\""), Token);

        await using var image = await Images.OpenAsync(_folder["a.vmdk"]);
        await Tool.RunAsync("qemu-img", "convert", "-f", "vmdk", "-O", "raw", _folder["a.vmdk"], _folder["a.raw"]);
        await using var raw = await Images.OpenAsync(_folder["a.raw"], DiskImageFormat.Raw);

        Assert.Equal(await Images.HashAsync(raw), await Images.HashAsync(image, 1000));
        await Images.CheckExtentsAsync(image);
        Assert.Equal(8 * 512, (await image.GetExtentsAsync(0, image.Capacity, Token).Where(e => e.Kind == ExtentKind.Data).ToListAsync(Token)).Sum(e => e.Length));
    }

    [Fact]
    public async Task Open_LargestExtent_IsReadUpToItsEnd()
    {
        Tool.Require("qemu-io");
        const long Sectors = uint.MaxValue;
        var builder = new CowdFileBuilder(Sectors, 8);
        long[] set = [0, 4095, 4096, (1L << 28) - 1, 1L << 28, Sectors / 8];
        foreach (var grain in set)
        {
            builder.Set(grain, [.. Enumerable.Repeat((byte)(1 + (grain % 251)), 3584)]);
        }

        await File.WriteAllBytesAsync(_folder["a-delta.vmdk"], builder.Build(new Random(1)), Token);
        await File.WriteAllTextAsync(_folder["a.vmdk"], VmdkText.Descriptor("vmfsSparse", $"RW {Sectors} VMFSSPARSE \"a-delta.vmdk\""), Token);
        await using var image = await Images.OpenAsync(_folder["a.vmdk"]);

        Assert.Equal(Sectors * 512, image.Capacity);
        var bytes = new byte[3584];
        foreach (var grain in set)
        {
            await image.ReadAsync(grain * 4096, bytes, Token);
            Assert.Equal(-1, bytes.AsSpan().IndexOfAnyExcept((byte)(1 + (grain % 251))));
            var output = await Tool.RunAsync("qemu-io", "-r", "-f", "vmdk", "-c", $"read -P {1 + (grain % 251)} {grain * 4096} 3584", _folder["a.vmdk"]);
            Assert.DoesNotContain("failed", output, StringComparison.Ordinal);
        }

        Assert.Equal((set.Length * 4096L) - 512, (await image.GetExtentsAsync(0, image.Capacity, Token).Where(e => e.Kind == ExtentKind.Data).ToListAsync(Token)).Sum(e => e.Length));
    }

    [Theory]
    [InlineData("version", DiskImageErrors.UnsupportedVariant)]
    [InlineData("grain", DiskImageErrors.Corrupt)]
    [InlineData("no grain", DiskImageErrors.Corrupt)]
    [InlineData("no size", DiskImageErrors.Corrupt)]
    [InlineData("few tables", DiskImageErrors.Corrupt)]
    [InlineData("no directory", DiskImageErrors.Truncated)]
    [InlineData("directory outside", DiskImageErrors.Truncated)]
    [InlineData("largest", DiskImageErrors.Truncated)]
    [InlineData("shorter than the descriptor", DiskImageErrors.Corrupt)]
    [InlineData("table outside", DiskImageErrors.Truncated)]
    [InlineData("grain outside", DiskImageErrors.Truncated)]
    [InlineData("cut", DiskImageErrors.Truncated)]
    public async Task Open_HostileExtent_SaysWhy(string damage, string code)
    {
        var builder = new CowdFileBuilder(100, 1).Set(0, new byte[512]).Set(7, new byte[512]);
        switch (damage)
        {
            case "version": builder.Version = 2; break;
            case "grain": builder.GrainSectors = 3; break;
            case "no grain": builder.GrainSectors = 0; break;
            case "no size": builder.CapacitySectors = 0; break;
            case "few tables": builder.DirectoryEntries = 0; break;
            case "no directory": builder.DirectoryOffset = 0; break;
            case "directory outside": builder.DirectoryOffset = uint.MaxValue; break;
            case "largest": (builder.CapacitySectors, builder.DirectoryEntries) = (uint.MaxValue, uint.MaxValue); break;
            case "shorter than the descriptor": builder.CapacitySectors = 99; break;
        }

        var bytes = builder.Build(new Random(1));
        switch (damage)
        {
            case "table outside": BitConverter.TryWriteBytes(bytes.AsSpan(2048), 100_000u); break;
            case "grain outside": BitConverter.TryWriteBytes(bytes.AsSpan(2560), 100_000u); break;
            case "cut": bytes = bytes[..2000]; break;
        }

        await File.WriteAllBytesAsync(_folder["a-delta.vmdk"], bytes, Token);
        await File.WriteAllTextAsync(_folder["a.vmdk"], VmdkText.Descriptor("vmfsSparse", "RW 100 VMFSSPARSE \"a-delta.vmdk\""), Token);

        await Images.FailsAsync(code, async () =>
        {
            await using var image = await Images.OpenAsync(_folder["a.vmdk"]);
            await image.ReadAsync(0, new byte[image.Capacity], Token);
        });
    }

    [Fact]
    public async Task Open_ExtentAlone_AsksForTheDescriptor()
    {
        await File.WriteAllBytesAsync(_folder["a-delta.vmdk"], new CowdFileBuilder(100, 1).Build(new Random(1)), Token);

        var e = await Images.FailsAsync(DiskImageErrors.UnsupportedVariant, () => Images.OpenAsync(_folder["a-delta.vmdk"]));

        Assert.Contains("open the descriptor", e.Message, StringComparison.Ordinal);
    }

    private async Task<(string Parent, string Child)> CreateAsync(uint grainSectors, long sectors, Random random)
    {
        var flat = new byte[sectors * 512];
        random.NextBytes(flat.AsSpan(0, flat.Length / 2));
        await File.WriteAllBytesAsync(_folder["vm-flat.vmdk"], flat, Token);
        await File.WriteAllTextAsync(_folder["vm.vmdk"], VmdkText.Descriptor("vmfs", $"RW {sectors} VMFS \"vm-flat.vmdk\"", cid: "5e1f0d3a"), Token);

        var grains = (sectors + grainSectors - 1) / grainSectors;
        var builder = new CowdFileBuilder(sectors, grainSectors);
        for (long grain = 0; grain < grains; grain += random.Next(1, (int)Math.Max(2, grains / 40)))
        {
            for (var run = random.Next(1, 4); run > 0 && grain < grains; run--)
            {
                var bytes = new byte[Math.Min(grainSectors * 512, (sectors - (grain * grainSectors)) * 512)];
                random.NextBytes(bytes);
                builder.Set(grain++, bytes);
            }
        }

        await File.WriteAllBytesAsync(_folder["vm-000001-delta.vmdk"], builder.Build(random), Token);
        await File.WriteAllTextAsync(
            _folder["vm-000001.vmdk"], VmdkText.Descriptor("vmfsSparse", $"RW {sectors} VMFSSPARSE \"vm-000001-delta.vmdk\"", "11112222", "5E1F0D3A", "vm.vmdk"), Token);
        return (_folder["vm.vmdk"], _folder["vm-000001.vmdk"]);
    }
}
