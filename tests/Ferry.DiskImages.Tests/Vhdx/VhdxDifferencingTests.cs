using Ferry.DiskImages.Tests.Support;
using Ferry.DiskImages.Tests.Writing;
using Xunit;

namespace Ferry.DiskImages.Tests.Vhdx;

/// <summary>Differencing images: which bytes are the image's own, which its parent's, which zero.</summary>
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
        var id = SaveBase(random, sector, content, "base.vhdx");
        id = SaveChild(random, content, sector, blockSize, "mid.avhdx", "base.vhdx", id);
        SaveChild(random, content, sector, blockSize, "top.avhdx", "mid.avhdx", id);

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
        var child = new VhdxFileBuilder { Capacity = Capacity, BlockSize = 32 * MiB, Parent = Locator(@".\base.vhdx", parent.DataWriteId) };
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
    [InlineData(7, 0, 0)]
    [InlineData(7, 0, 3 * MiB)]
    [InlineData(4, 0, 8 * MiB)]
    [InlineData(5, 0, 8 * MiB)]
    [InlineData(6, 0, 2 * MiB)]
    public async Task Read_BlockThatCannotBe_IsRefused(int state, int bitmapState, long place)
    {
        var parent = new VhdxFileBuilder { Capacity = 4 * MiB };
        parent.Save(_folder["base.vhdx"], parent.PayloadOffset);
        var child = new VhdxFileBuilder { Capacity = 4 * MiB, Parent = Locator("base.vhdx", parent.DataWriteId) };
        child.Block(1, state, place);
        child.Bitmap(0, bitmapState, 0);
        child.Save(_folder["a.avhdx"], 20 * MiB);

        await using var reader = await Images.OpenAsync(_folder["a.avhdx"]);

        await reader.ReadAsync(0, new byte[MiB], Token);
        await Images.FailsAsync(DiskImageErrors.Corrupt, async () => await reader.ReadAsync(0, new byte[MiB + 1], Token));
    }

    private static Dictionary<string, string> Locator(string relativePath, Guid linkage) =>
        new() { ["parent_linkage"] = linkage.ToString("B"), ["relative_path"] = relativePath };

    /// <summary>A dynamic image smaller than its children, with every state that it may have.</summary>
    private Guid SaveBase(Random random, int sector, byte[] content, string name)
    {
        var capacity = content.Length * 2L / 3 / sector * sector;
        var image = new VhdxFileBuilder { Capacity = capacity, BlockSize = 2 * MiB, SectorSize = sector };
        var at = image.PayloadOffset;
        for (var block = 0; block < image.BlockCount; block++)
        {
            var state = random.Next(5) switch { 0 => 0, 1 => 1, 2 => 2, _ => 6 };
            image.Block(block, state, state == 6 ? at : 0);
            if (state == 6)
            {
                var bytes = RandomBytes(random, image.BlockSize);
                image.Write(at, bytes);
                bytes.AsSpan(0, (int)Math.Min(bytes.Length, capacity - (block * (long)image.BlockSize))).CopyTo(content.AsSpan(block * image.BlockSize));
                at += image.BlockSize;
            }
        }

        image.Save(_folder[name], at);
        return image.DataWriteId;
    }

    private Guid SaveChild(Random random, byte[] content, int sector, int blockSize, string name, string parent, Guid linkage)
    {
        var image = new VhdxFileBuilder { Capacity = content.Length, BlockSize = blockSize, SectorSize = sector, Parent = Locator(@".\" + parent, linkage) };
        var bitmap = RandomBytes(random, MiB);
        var at = image.PayloadOffset + MiB;
        image.Bitmap(0, 6, image.PayloadOffset);
        for (var block = 0; block < image.BlockCount; block++)
        {
            var start = block * blockSize;
            var length = Math.Min(blockSize, content.Length - start);
            var state = random.Next(8) switch { 0 => 0, 1 => 1, 2 => 2, 3 => 3, 4 => 6, _ => 7 };
            var bytes = RandomBytes(random, blockSize);
            image.Block(block, state, state >= 6 ? at : 0);
            if (state >= 6)
            {
                image.Write(at, bytes);
                at += blockSize;
            }

            // Runs of sectors, so that bits are not all alternating.
            for (var s = start / sector; s < (start + length + sector - 1) / sector; s++)
            {
                if (s > start / sector && random.Next(20) > 0)
                {
                    var before = (bitmap[(s - 1) / 8] >> ((s - 1) % 8)) & 1;
                    bitmap[s / 8] = (byte)((bitmap[s / 8] & ~(1 << (s % 8))) | (before << (s % 8)));
                }

                var isHere = state == 6 || (state == 7 && ((bitmap[s / 8] >> (s % 8)) & 1) != 0);
                var part = content.AsSpan(s * sector, Math.Min(sector, content.Length - (s * sector)));
                if (isHere)
                {
                    bytes.AsSpan((s * sector) - start, part.Length).CopyTo(part);
                }
                else if (state is 1 or 2 or 3)
                {
                    part.Clear();
                }
            }
        }

        image.Write(image.PayloadOffset, bitmap);
        image.Save(_folder[name], at);
        return image.DataWriteId;
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

    private static byte[] RandomBytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
