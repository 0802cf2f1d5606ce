using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Vhdx;

/// <summary>Headers, region tables and metadata: two copies of which one counts, and what must be refused.</summary>
public sealed class VhdxStructureTests : IDisposable
{
    private const int MiB = VhdxFileBuilder.MiB;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(64 * 1024)]
    [InlineData(128 * 1024)]
    [InlineData(192 * 1024)]
    [InlineData(256 * 1024)]
    public async Task Open_OneCopyDamaged_TheOtherCounts(int offset)
    {
        foreach (var at in new[] { 0, 8, 100, 4000 })
        {
            var image = NewImage();
            image.Write(offset + at, [0xa5]);
            await AssertOpensAsync(image);
        }
    }

    [Theory]
    [InlineData(64 * 1024, 128 * 1024)]
    [InlineData(192 * 1024, 256 * 1024)]
    public async Task Open_BothCopiesDamaged_IsRefused(int first, int second)
    {
        var image = NewImage();
        image.Write(first + 20, [0xa5]);
        image.Write(second + 20, [0xa5]);
        await FailsAsync(image, DiskImageErrors.Corrupt);
    }

    [Fact]
    public async Task Open_NewerHeaderDamaged_TheOlderCounts()
    {
        // The older one names an empty log, the newer one that could not be replayed.
        var image = NewImage();
        var dirty = new VhdxFileBuilder { Capacity = image.Capacity, LogId = Guid.NewGuid() };
        image.Write(128 * 1024, dirty.Header(9));
        await FailsAsync(image, DiskImageErrors.Corrupt);
        image.Write((128 * 1024) + 500, [1]);
        await AssertOpensAsync(image);
    }

    [Fact]
    public async Task Open_HeadersOfTheSameAge_MustBeTheSame()
    {
        var image = NewImage();
        var header = image.Header(20);
        image.Write(64 * 1024, header);
        image.Write(128 * 1024, header);
        await AssertOpensAsync(image);
        image.Write(64 * 1024, image.Header(20));
        await FailsAsync(image, DiskImageErrors.Corrupt);
    }

    [Fact]
    public async Task Open_UnknownParts_AreRefusedWhenRequired()
    {
        foreach (var required in new[] { false, true })
        {
            var region = NewImage();
            region.Regions.Add((Guid.NewGuid(), required));
            var item = NewImage();
            item.Items.Add((Guid.NewGuid(), [1, 2, 3], required ? 4u : 0u));
            foreach (var image in new[] { region, item })
            {
                await (required ? FailsAsync(image, DiskImageErrors.UnsupportedVariant) : AssertOpensAsync(image));
            }
        }
    }

    [Fact]
    public async Task Open_UserItemWithTheIdOfASystemItem_DoesNotShadowIt()
    {
        var image = NewImage();
        image.Items.Add((new Guid("2FA54224-CD1B-4876-B211-5DBED83BF4B8"), BitConverter.GetBytes(512L), 1));
        await AssertOpensAsync(image);
    }

    [Fact]
    public async Task Open_ManyItems_IsWithinTheSpecification()
    {
        var image = NewImage();
        image.Items.AddRange(Enumerable.Range(0, 2047 - 5).Select(_ => (Guid.NewGuid(), Array.Empty<byte>(), 0u)));
        await AssertOpensAsync(image);
    }

    [Fact]
    public async Task Open_SizesThatAreNotAllowed_AreRefused()
    {
        await FailsAsync(new VhdxFileBuilder { Capacity = 8 * MiB, BlockSize = 3 * MiB }, DiskImageErrors.Corrupt);
        await FailsAsync(new VhdxFileBuilder { Capacity = 8 * MiB, BlockSize = MiB / 2 }, DiskImageErrors.Corrupt);
        await FailsAsync(new VhdxFileBuilder { Capacity = 8 * MiB, BlockSize = 512 * MiB }, DiskImageErrors.Corrupt);
        await FailsAsync(new VhdxFileBuilder { Capacity = 8 * MiB, SectorSize = 2048 }, DiskImageErrors.Corrupt);
        await FailsAsync(new VhdxFileBuilder { Capacity = (8 * MiB) + 512, SectorSize = 4096 }, DiskImageErrors.Corrupt);
        await FailsAsync(new VhdxFileBuilder { Capacity = 0 }, DiskImageErrors.Corrupt);
        await FailsAsync(new VhdxFileBuilder { Capacity = 8 * MiB, Version = 2 }, DiskImageErrors.UnsupportedVariant);
    }

    [Fact]
    public async Task Open_DiskOf64TiBWithATableThatIsNotThere_IsRefused()
    {
        var image = new VhdxFileBuilder { Capacity = 64L << 40 };
        image.Save(_folder["a.vhdx"], 8 * MiB);
        await Images.FailsAsync(DiskImageErrors.Truncated, () => Images.OpenAsync(_folder["a.vhdx"]));
    }

    [Fact]
    public async Task Open_FixedImage_SaysSo()
    {
        var image = new VhdxFileBuilder { Capacity = 2 * MiB, IsFixed = true };
        image.Block(0, 6, image.PayloadOffset);
        image.Block(1, 6, image.PayloadOffset + MiB);
        image.Write(image.PayloadOffset + MiB, [1, 2, 3]);
        image.Save(_folder["a.vhdx"], image.PayloadOffset + (2 * MiB));

        await using var reader = await Images.OpenAsync(_folder["a.vhdx"]);

        Assert.Equal("fixed", reader.Info.Variant);
        Assert.Equal("test builder", reader.Info.Properties["creator"]);
        await Images.CheckExtentsAsync(reader);
        if (OperatingSystem.IsLinux())
        {
            // The hole that the first block is in the file is none of the disk's data.
            Assert.Equal(new DiskExtent(0, MiB, ExtentKind.Zero), await reader.GetExtentsAsync(0, 2 * MiB, Token).FirstAsync(Token));
        }
    }

    [Fact]
    public async Task Read_BlockBehindTheEndOfTheFile_IsTruncated()
    {
        var image = NewImage();
        image.Block(3, 6, 1L << 40);
        image.Block(4, 6, -1L << 20);
        image.Save(_folder["a.vhdx"], 8 * MiB);

        await using var reader = await Images.OpenAsync(_folder["a.vhdx"]);

        await Images.FailsAsync(DiskImageErrors.Truncated, async () => await reader.ReadAsync(3 * MiB, new byte[1], Token));
        await Images.FailsAsync(DiskImageErrors.Truncated, async () => await reader.GetExtentsAsync(0, 4 * MiB, Token).CountAsync(Token));
        await Images.FailsAsync(DiskImageErrors.Corrupt, async () => await reader.ReadAsync(4 * MiB, new byte[1], Token));
    }

    private static VhdxFileBuilder NewImage() => new() { Capacity = 8 * MiB };

    private async Task AssertOpensAsync(VhdxFileBuilder image)
    {
        image.Save(_folder["a.vhdx"], image.PayloadOffset);
        await using var reader = await Images.OpenAsync(_folder["a.vhdx"]);
        Assert.Equal(image.Capacity, reader.Capacity);
        await Images.CheckExtentsAsync(reader);
    }

    private async Task FailsAsync(VhdxFileBuilder image, string code)
    {
        image.Save(_folder["a.vhdx"], image.PayloadOffset);
        await Images.FailsAsync(code, () => Images.OpenAsync(_folder["a.vhdx"]));
    }
}
