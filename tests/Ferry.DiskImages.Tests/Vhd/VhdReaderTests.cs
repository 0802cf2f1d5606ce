using System.Security.Cryptography;
using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Vhd;

/// <summary>Sizes, footers, bitmaps and parents of images built byte by byte.</summary>
public sealed class VhdReaderTests : IDisposable
{
    private const uint MaximumGeometry = 0xffff10ff;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("vpc ", 0x00010411u, 34816)]
    [InlineData("qemu", 0x00010411u, 34816)]
    [InlineData("vpc ", MaximumGeometry, 40960)]
    [InlineData("win ", 0x00010411u, 40960)]
    [InlineData("qem2", 0x00010411u, 40960)]
    [InlineData("d2v\0", 0x00010411u, 40960)]
    [InlineData("d2v ", 0x00010411u, 40960)]
    [InlineData("tap\0", 0x00010411u, 40960)]
    [InlineData("CTXS", 0x00010411u, 40960)]
    [InlineData("wa\0\0", 0x00010411u, 40960)]
    [InlineData("vbox", 0x00010411u, 40960)]
    [InlineData("vs  ", 0x00010411u, 40960)]
    public async Task Open_SizeAndGeometryDiffer_TheCreatorDecides(string creator, uint geometry, long capacity)
    {
        foreach (var type in new[] { 2u, 3u })
        {
            var content = Random(40960, 1);
            var path = await WriteAsync("a.vhd", new VhdBuilder { Content = content, Type = type, Creator = creator, Geometry = geometry });

            await using var reader = await Images.OpenAsync(path);

            Assert.Equal(capacity, reader.Capacity);
            Assert.Equal(content[..(int)capacity], await ReadAsync(reader));
        }
    }

    [Theory]
    [InlineData(2u, 511)]
    [InlineData(3u, 511)]
    [InlineData(3u, 0)]
    public async Task Open_OtherFooters_AreUnderstood(uint type, int footerSize)
    {
        var content = Random(30 * 512, 2);
        var path = await WriteAsync("a.vhd", new VhdBuilder { Content = content, Type = type, FooterSize = footerSize });

        await using var reader = await Images.OpenAsync(path);

        Assert.Equal(content, await ReadAsync(reader));
    }

    [Fact]
    public async Task Open_OneFooterDamaged_UsesTheOther()
    {
        var content = Random(30 * 512, 3);
        var builder = new VhdBuilder { Content = content };
        foreach (var fromEnd in new[] { false, true })
        {
            var path = await WriteAsync("a.vhd", builder with { File = bytes => bytes[fromEnd ? bytes.Length - 512 + 50 : 50] ^= 1 });

            await using var reader = await Images.OpenAsync(path);

            Assert.Equal(content, await ReadAsync(reader));
        }

        var broken = await WriteAsync("b.vhd", builder with { File = bytes => bytes[50] = bytes[^(512 - 50)] = 77 });
        await Images.FailsAsync(DiskImageErrors.Corrupt, () => Images.OpenAsync(broken));
    }

    [Theory]
    [InlineData(512u)]
    [InlineData(4096u)]
    [InlineData(2u << 20)]
    [InlineData(8u << 20)]
    public async Task Read_DynamicDisk_DoesNotNeedItsBitmapsButThoseOfXenServer(uint blockSize)
    {
        var content = Random(3 * 1024 * 1024, 4);
        Func<int, bool> own = sector => sector % 7 < 3 && sector is < 1000 or > 3000;
        var visible = Masked(content, own);
        var builder = new VhdBuilder { Content = content, BlockSize = blockSize, Own = own };

        // Zeros under a clear bit, as the specification wants it: nobody needs the bitmap.
        await using (var reader = await Images.OpenAsync(await WriteAsync("a.vhd", builder)))
        {
            Assert.Equal(visible, await ReadAsync(reader));
            await Images.CheckExtentsAsync(reader);
        }

        // Old data under a clear bit, as XenServer leaves it on its volumes.
        await using (var reader = await Images.OpenAsync(await WriteAsync("b.vhd", builder with { Creator = "tap\0", Garbage = 0xee })))
        {
            Assert.Equal(visible, await ReadAsync(reader));
            await Images.CheckExtentsAsync(reader);
            await AssertRandomReadsAsync(reader, visible, 5);
        }
    }

    [Theory]
    [InlineData(512u)]
    [InlineData(4096u)]
    [InlineData(65536u)]
    [InlineData(2u << 20)]
    [InlineData(8u << 20)]
    public async Task Read_Chain_EverySectorComesFromWhereItsBitmapSays(uint blockSize)
    {
        var random = new Random((int)blockSize);
        var images = new List<byte[]>();
        var expected = Array.Empty<byte>();
        var ids = Enumerable.Range(0, 4).Select(i => new Guid(i + 1, 2, 3, new byte[8])).ToArray();
        for (var level = 0; level < 4; level++)
        {
            // Every child is larger than its parent; the last one by a part of a block.
            var content = Random(3_000_320 + (level * 300_032), 10 + level);
            var salt = random.Next(1, 9);
            Func<int, bool> own = sector => sector / salt % 3 == 0 && sector / 700 % 2 == 0;
            var builder = new VhdBuilder
            {
                Content = content,
                Type = level == 0 ? 2u : 4u,
                BlockSize = blockSize,
                Own = own,
                Garbage = 0xee,
                Id = ids[level],
                ParentId = level == 0 ? Guid.Empty : ids[level - 1],
                Locators = [("W2ru", $@".\level{level - 1}.vhd")],
            };
            await WriteAsync($"level{level}.vhd", builder);
            expected = level == 0 ? content : Overlay(expected, content, own);
        }

        await using var reader = await Images.OpenAsync(_folder["level3.vhd"]);

        Assert.Equal(["level3.vhd", "level2.vhd", "level1.vhd", "level0.vhd"], reader.Info.Files);
        Assert.Equal(4, reader.Pins.Count);
        Assert.Equal(ids[2], reader.Info.Parent!.DiskId);
        Assert.Equal(expected, await ReadAsync(reader));
        await Images.CheckExtentsAsync(reader);
        await AssertRandomReadsAsync(reader, expected, 6);
        await reader.VerifyUnchangedAsync(Token);
        File.SetLastWriteTimeUtc(_folder["level0.vhd"], DateTime.UnixEpoch);
        await Images.FailsAsync(DiskImageErrors.SourceChanged, async () => await reader.VerifyUnchangedAsync(Token));
    }

    [Theory]
    [InlineData(2u)]
    [InlineData(3u)]
    public async Task Read_Child_HasWhatSevenZipReads(uint parentType)
    {
        var parent = new VhdBuilder { Content = Random(6_000_128, 20), Type = parentType, BlockSize = 2 << 20 };
        await WriteAsync("base.vhd", parent);
        await WriteAsync("a.vhd", new VhdBuilder
        {
            Content = Random(6_000_128, 21), Type = 4, BlockSize = 2 << 20, Own = sector => sector % 11 > 6 && sector < 8000, Garbage = 0xee,
            Id = new Guid(9, 9, 9, new byte[8]), ParentId = parent.Id, Locators = [("W2ru", @".\base.vhd")],
        });

        Assert.Equal(await SevenZip.HashAsync(_folder["base.vhd"]), await HashAsync("base.vhd"));
        Assert.Equal(await SevenZip.HashAsync(_folder["a.vhd"]), await HashAsync("a.vhd"));
    }

    [Fact]
    public async Task Read_Child_SeesAllOfAParentWhoseCreatorGoesByGeometry()
    {
        // Windows made a child of an image of Virtual PC: it took all of it.
        var content = Random(40960, 7);
        await WriteAsync("base.vhd", new VhdBuilder { Content = content, Creator = "vpc " });
        var child = new VhdBuilder { Content = new byte[40960], Type = 4, Own = _ => false, ParentId = new VhdBuilder { Content = [] }.Id, Locators = [("W2ru", @".\base.vhd")] };

        await using var reader = await Images.OpenAsync(await WriteAsync("a.vhd", child));

        Assert.Equal(content, await ReadAsync(reader));
        Assert.Equal([new DiskExtent(0, 40960, ExtentKind.Data)], await reader.GetExtentsAsync(0, 40960, Token).ToListAsync(Token));
    }

    private static byte[] Random(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Masked(byte[] content, Func<int, bool> own) => Overlay(new byte[content.Length], content, own);

    private static byte[] Overlay(byte[] below, byte[] content, Func<int, bool> own)
    {
        var result = new byte[content.Length];
        below.AsSpan(0, Math.Min(below.Length, result.Length)).CopyTo(result);
        for (var sector = 0; sector < content.Length / 512; sector++)
        {
            if (own(sector))
            {
                content.AsSpan(sector * 512, 512).CopyTo(result.AsSpan(sector * 512));
            }
        }

        return result;
    }

    private static async Task<byte[]> ReadAsync(IDiskImageReader reader)
    {
        var bytes = new byte[reader.Capacity];
        await reader.ReadAsync(0, bytes, Token);
        return bytes;
    }

    private static async Task AssertRandomReadsAsync(IDiskImageReader reader, byte[] expected, int seed)
    {
        var random = new Random(seed);
        var ranges = Enumerable.Range(0, 300).Select(_ => random.Next(1, random.Next(2) == 0 ? 3000 : 300_000)).Select(length => (Offset: random.Next(expected.Length - length), length)).ToArray();
        await Parallel.ForEachAsync(ranges, Token, async (range, token) =>
        {
            var bytes = new byte[range.length];
            await reader.ReadAsync(range.Offset, bytes, token);
            Assert.True(bytes.AsSpan().SequenceEqual(expected.AsSpan(range.Offset, range.length)), $"{range} differs.");
        });
    }

    private async Task<string> HashAsync(string name)
    {
        await using var reader = await Images.OpenAsync(_folder[name]);
        return Convert.ToHexStringLower(SHA256.HashData(await ReadAsync(reader)));
    }

    private async Task<string> WriteAsync(string name, VhdBuilder builder)
    {
        await File.WriteAllBytesAsync(_folder[name], builder.Build(), Token);
        return _folder[name];
    }
}
