using Ferry.DiskImages.Tests.Support;
using Ferry.DiskImages.Tests.Writing;
using Xunit;

namespace Ferry.DiskImages.Tests.Vhdx;

/// <summary>Differencing images: which bytes are the image's own, which its parent's, which zero; and which parent it takes.</summary>
public sealed class VhdxDifferencingTests : IDisposable
{
    private const int MiB = VhdxFileBuilder.MiB;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(512, MiB)]
    [InlineData(512, 2 * MiB)]
    [InlineData(4096, MiB)]
    [InlineData(4096, 8 * MiB)]
    public async Task Read_ChainOfRandomBlocks_ShowsTheRightLayer(int sector, int blockSize)
    {
        var random = Seed.New();
        var capacity = ((random.Next(9, 30) * (long)MiB) + random.Next(MiB)) / sector * sector;
        var content = new byte[capacity];
        var id = VhdxChain.SaveBase(_folder, random, sector, content, "base.vhdx");
        id = VhdxChain.SaveChild(_folder, random, content, sector, blockSize, "mid.avhdx", "base.vhdx", id);
        VhdxChain.SaveChild(_folder, random, content, sector, blockSize, "top.avhdx", "mid.avhdx", id);

        await using var reader = await Images.OpenAsync(_folder["top.avhdx"]);

        Assert.Equal(["top.avhdx", "mid.avhdx", "base.vhdx"], reader.Info.Files);
        Assert.Equal(3, reader.Pins.Count);
        Assert.Equal("differencing", reader.Info.Variant);
        Assert.Equal("dynamic", reader.Info.Parent?.Parent?.Variant);
        await AssertReadsAsync(reader, content, random);
        await Images.CheckExtentsAsync(reader);
        await reader.VerifyUnchangedAsync(Token);
        File.SetLastWriteTimeUtc(_folder["base.vhdx"], new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await Images.FailsAsync(DiskImageErrors.SourceChanged, async () => await reader.VerifyUnchangedAsync(Token));
    }

    [Fact]
    public async Task Read_BitmapsOfSeveralChunks_AreFoundForEach()
    {
        // A chunk of 512-byte sectors has 4 GiB, and each its own bitmap behind its entries.
        const long Capacity = (9L << 30) + (5 * 512);
        var parent = new VhdxFileBuilder { Capacity = Capacity, BlockSize = 32 * MiB };
        parent.Save(_folder["base.vhdx"], parent.PayloadOffset);
        var child = new VhdxFileBuilder { Capacity = Capacity, BlockSize = 32 * MiB, Parent = VhdxChain.Locator(@".\base.vhdx", parent.DataWriteId) };
        long at = child.PayloadOffset;
        for (var chunk = 0; chunk < 3; chunk++)
        {
            // In the last sector of the chunk and of the disk.
            var disk = Math.Min(Capacity, (chunk + 1) * (4L << 30)) - 512;
            var bitmap = new byte[MiB];
            var bit = (disk - (chunk * (4L << 30))) / 512;
            bitmap[bit / 8] = (byte)(1 << (int)(bit % 8));
            child.Bitmap(chunk, 6, at);
            child.Write(at, bitmap);
            child.Block(disk / child.BlockSize, 7, at + MiB);
            child.Write(at + MiB + (disk % child.BlockSize), [.. Enumerable.Repeat((byte)(chunk + 1), 512)]);
            at += 33 * MiB;
        }

        child.Save(_folder["a.avhdx"], at);

        await using var reader = await Images.OpenAsync(_folder["a.avhdx"]);

        var buffer = new byte[1536];
        for (var chunk = 0; chunk < 3; chunk++)
        {
            var disk = Math.Min(Capacity, (chunk + 1) * (4L << 30)) - 512;
            await reader.ReadAsync(disk - 512, buffer.AsMemory(0, 1024), Token);
            Assert.Equal(-1, buffer.AsSpan(0, 512).IndexOfAnyExcept((byte)0));
            Assert.Equal(-1, buffer.AsSpan(512, 512).IndexOfAnyExcept((byte)(chunk + 1)));
            var extents = await reader.GetExtentsAsync(disk - 512, 1024, Token).ToListAsync(Token);
            Assert.Equal([new(disk - 512, 512, ExtentKind.Unallocated), new(disk, 512, ExtentKind.Data)], extents);
        }
    }

    [Theory]
    [InlineData("relative_path", @".\base.vhdx")]
    [InlineData("relative_path", "base.vhdx")]
    [InlineData("relative_path", @"..\..\elsewhere\base.vhdx")]
    [InlineData("volume_path", @"\\?\Volume{26A21BDA-A627-11D7-9931-806E6F6E6963}\machines\base.vhdx")]
    [InlineData("absolute_win32_path", @"\\?\D:\machines\base.vhdx")]
    public async Task Open_ParentByAnyPath_IsTakenFromBesideTheImage(string key, string path)
    {
        var parent = new VhdxFileBuilder { Capacity = 4 * MiB };
        parent.Save(_folder["base.vhdx"], parent.PayloadOffset);
        SaveEmptyChild(new Dictionary<string, string> { ["parent_linkage"] = parent.DataWriteId.ToString("B"), [key] = path });

        await using var reader = await Images.OpenAsync(_folder["a.avhdx"]);

        Assert.Equal(["a.avhdx", "base.vhdx"], reader.Info.Files);
        Assert.Equal(path, reader.Info.Properties["parent"]);
    }

    [Fact]
    public async Task Open_RelativePathThatIsStale_FallsBackToTheOthers()
    {
        var parent = new VhdxFileBuilder { Capacity = 4 * MiB };
        parent.Save(_folder["base.vhdx"], parent.PayloadOffset);
        SaveEmptyChild(new Dictionary<string, string>
        {
            ["relative_path"] = @".\old.vhdx",
            ["absolute_win32_path"] = @"\\?\D:\machines\base.vhdx",
            ["parent_linkage"] = Guid.NewGuid().ToString("B"),
            ["parent_linkage2"] = parent.DataWriteId.ToString("B").ToUpperInvariant(),
        });

        await using var reader = await Images.OpenAsync(_folder["a.avhdx"]);

        Assert.Equal("base.vhdx", reader.Info.Files[1]);
    }

    [Fact]
    public async Task Open_WithoutItsParent_NamesIt()
    {
        SaveEmptyChild(VhdxChain.Locator(@".\base.vhdx", Guid.NewGuid()));

        var e = await Images.FailsAsync(DiskImageErrors.MissingFile, () => Images.OpenAsync(_folder["a.avhdx"]));

        Assert.Contains(@".\base.vhdx", e.Message, StringComparison.Ordinal);
        Assert.Equal("a.avhdx", e.File);
    }

    [Fact]
    public async Task Open_GrandparentMissing_NamesThatOne()
    {
        var mid = new VhdxFileBuilder { Capacity = 4 * MiB, Parent = VhdxChain.Locator("oldest.vhdx", Guid.NewGuid()) };
        mid.Save(_folder["mid.avhdx"], mid.PayloadOffset);
        SaveEmptyChild(VhdxChain.Locator("mid.avhdx", mid.DataWriteId));

        var e = await Images.FailsAsync(DiskImageErrors.MissingFile, () => Images.OpenAsync(_folder["a.avhdx"]));

        Assert.Contains("oldest.vhdx", e.Message, StringComparison.Ordinal);
        Assert.Equal("mid.avhdx", e.File);
    }

    [Fact]
    public async Task Open_ParentThatChangedOrHasOtherSectors_IsRefused()
    {
        var parent = new VhdxFileBuilder { Capacity = 4 * MiB };
        parent.Save(_folder["base.vhdx"], parent.PayloadOffset);
        SaveEmptyChild(VhdxChain.Locator("base.vhdx", Guid.NewGuid()));
        var e = await Images.FailsAsync(DiskImageErrors.Corrupt, () => Images.OpenAsync(_folder["a.avhdx"]));
        Assert.Contains("not the parent", e.Message, StringComparison.Ordinal);

        var coarse = new VhdxFileBuilder { Capacity = 4 * MiB, SectorSize = 4096 };
        coarse.Save(_folder["base.vhdx"], coarse.PayloadOffset);
        SaveEmptyChild(VhdxChain.Locator("base.vhdx", coarse.DataWriteId));
        await Images.FailsAsync(DiskImageErrors.Corrupt, () => Images.OpenAsync(_folder["a.avhdx"]));
    }

    [Fact]
    public async Task Open_ItsOwnParent_IsRefused()
    {
        SaveEmptyChild(VhdxChain.Locator("a.avhdx", Guid.NewGuid()));

        await Images.FailsAsync(DiskImageErrors.Corrupt, () => Images.OpenAsync(_folder["a.avhdx"]));
    }

    [Fact]
    public async Task Open_ParentOutsideTheFolder_IsRefused()
    {
        using var outside = new TestFolder();
        var parent = new VhdxFileBuilder { Capacity = 4 * MiB };
        parent.Save(outside["base.vhdx"], parent.PayloadOffset);
        File.CreateSymbolicLink(_folder["base.vhdx"], outside["base.vhdx"]);
        SaveEmptyChild(VhdxChain.Locator("base.vhdx", parent.DataWriteId));

        await Images.FailsAsync(DiskImageErrors.ForbiddenReference, () => Images.OpenAsync(_folder["a.avhdx"]));
    }

    [Fact]
    public async Task Open_LocatorThatIsWrong_IsRefused()
    {
        var unknown = new VhdxFileBuilder { Capacity = 4 * MiB, Parent = VhdxChain.Locator("base.vhdx", Guid.NewGuid()), LocatorType = Guid.NewGuid() };
        unknown.Save(_folder["a.avhdx"], unknown.PayloadOffset);
        await Images.FailsAsync(DiskImageErrors.UnsupportedVariant, () => Images.OpenAsync(_folder["a.avhdx"]));

        var many = new VhdxFileBuilder { Capacity = 4 * MiB, Parent = Enumerable.Range(0, 3000).ToDictionary(i => $"key{i}", _ => "value") };
        many.Save(_folder["a.avhdx"], many.PayloadOffset);
        await Images.FailsAsync(DiskImageErrors.Corrupt, () => Images.OpenAsync(_folder["a.avhdx"]));
    }

    [Theory]
    [InlineData(7, 0, 0)]
    [InlineData(7, 0, 3 * MiB)]
    [InlineData(4, 0, 8 * MiB)]
    [InlineData(5, 0, 8 * MiB)]
    [InlineData(6, 0, 2 * MiB)]
    public async Task Read_BlockThatCannotBe_IsRefused(int state, int bitmapState, long place)
    {
        var parent = new VhdxFileBuilder { Capacity = 4 * MiB };
        parent.Save(_folder["base.vhdx"], parent.PayloadOffset);
        var child = new VhdxFileBuilder { Capacity = 4 * MiB, Parent = VhdxChain.Locator("base.vhdx", parent.DataWriteId) };
        child.Block(1, state, place);
        child.Bitmap(0, bitmapState, 0);
        child.Save(_folder["a.avhdx"], 20 * MiB);

        await using var reader = await Images.OpenAsync(_folder["a.avhdx"]);

        await reader.ReadAsync(0, new byte[MiB], Token);
        await Images.FailsAsync(DiskImageErrors.Corrupt, async () => await reader.ReadAsync(0, new byte[MiB + 1], Token));
    }

    private void SaveEmptyChild(Dictionary<string, string> locator)
    {
        var child = new VhdxFileBuilder { Capacity = 4 * MiB, Parent = locator };
        child.Save(_folder["a.avhdx"], child.PayloadOffset);
    }

    private static async Task AssertReadsAsync(IDiskImageReader reader, byte[] content, Random random)
    {
        var actual = new byte[content.Length];
        await reader.ReadAsync(0, actual, Token);
        Assert.Equal(content.Length, content.AsSpan().CommonPrefixLength(actual));
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 200).Select(_ => (From: random.Next(content.Length), Length: random.Next(1, 100_000))).ToList(),
            Token,
            async (range, token) =>
            {
                var bytes = new byte[Math.Min(range.Length, content.Length - range.From)];
                await reader.ReadAsync(range.From, bytes, token);
                Assert.True(content.AsSpan(range.From, bytes.Length).SequenceEqual(bytes), $"{range} differs.");
            });
    }
}
