using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Vhdx;

public sealed class VhdxWriterTests : IDisposable
{
    private const int MiB = 1 << 20;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Write_RandomPlan_IsReadBackByFerryAndQemu(int seed)
    {
        var random = new Random(seed);
        var plan = RandomPlan(random);
        var content = new byte[plan.Capacity];
        await using (var writer = await DiskImage.CreateOrContinueAsync(_folder["a.vhdx"], plan, Token))
        {
            await WriteRandomlyAsync(writer, plan, random, content, skipSome: true);
            await Images.FailsAsync(DiskImageErrors.Incomplete, () => Images.OpenAsync(_folder["a.vhdx"]));
            await writer.CompleteAsync(Token);
            await writer.CompleteAsync(Token);
        }

        await AssertContentAsync(plan, content);
    }

    [Fact]
    public async Task Write_OutsideThePlan_IsRefused()
    {
        var plan = new DiskImagePlan { Format = DiskImageFormat.Vhdx, Capacity = 8 * MiB, Allocated = [new(MiB, 512), new(MiB + 512, 512)], DiskId = Guid.NewGuid() };
        await using var writer = await DiskImage.CreateOrContinueAsync(_folder["a.vhdx"], plan, Token);
        await writer.WriteAsync(MiB, new byte[1024], Token);
        foreach (var (offset, length) in new[] { (MiB, 1025), (MiB - 1, 2), (0, 1), (2 * MiB, 1) })
        {
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await writer.WriteAsync(offset, new byte[length], Token));
        }
    }

    [Theory]
    [InlineData(3L << 40, 0, 512)]
    [InlineData(64L << 40, 0, 4096)]
    [InlineData((16L << 30) + 512, 1 << 20, 512)]
    [InlineData(300L << 30, 1 << 28, 4096)]
    public async Task Write_LargeDisk_KeepsBlocksAroundEveryBitmapEntryApart(long capacity, int blockSize, int sector)
    {
        var chunk = 8388608L * sector;
        var ranges = new List<DiskRange>();
        for (long at = 0; at < capacity && ranges.Count < 40; at += chunk)
        {
            ranges.Add(new DiskRange(at, sector));
            if (at + chunk <= capacity)
            {
                ranges.Add(new DiskRange(at + chunk - sector, sector));
            }
        }

        var plan = new DiskImagePlan { Format = DiskImageFormat.Vhdx, Capacity = capacity, Allocated = ranges, BlockSize = blockSize, LogicalSectorSize = sector, DiskId = Guid.NewGuid() };
        await using (var writer = await DiskImage.CreateOrContinueAsync(_folder["a.vhdx"], plan, Token))
        {
            for (var i = 0; i < ranges.Count; i++)
            {
                await writer.WriteAsync(ranges[i].Offset, Enumerable.Repeat((byte)(i + 1), sector).ToArray(), Token);
            }

            await writer.CompleteAsync(Token);
        }

        if (sector == 512)
        {
            // QEMU knows no other logical sector size of VHDX.
            Tool.Require("qemu-img");
            await Tool.RunAsync("qemu-img", "check", _folder["a.vhdx"]);
        }

        await using var reader = await Images.OpenAsync(_folder["a.vhdx"]);
        Assert.Equal(sector, reader.Info.LogicalSectorSize);
        var buffer = new byte[sector];
        for (var i = 0; i < ranges.Count; i++)
        {
            await reader.ReadAsync(ranges[i].Offset, buffer, Token);
            Assert.Equal(-1, buffer.AsSpan().IndexOfAnyExcept((byte)(i + 1)));
        }
    }

    [Theory]
    [InlineData(DiskImageVariant.Dynamic)]
    [InlineData(DiskImageVariant.Fixed)]
    public async Task Write_EveryBlockSize_IsReadBackByFerryAndQemu(DiskImageVariant variant)
    {
        for (long blockSize = MiB; blockSize <= 256 * MiB; blockSize *= 2)
        {
            foreach (var sector in new[] { 512, 4096 })
            {
                var path = _folder[$"{blockSize}-{sector}.vhdx"];
                var capacity = (blockSize * 2) + (3 * 4096);
                DiskRange[] ranges = [new(0, 4096), new(blockSize - 4096, 8192), new(capacity - 4096, 4096)];
                var plan = new DiskImagePlan
                {
                    Format = DiskImageFormat.Vhdx, Variant = variant, Capacity = capacity, Allocated = ranges, BlockSize = (int)blockSize, LogicalSectorSize = sector, DiskId = Guid.NewGuid(),
                };
                await using (var writer = await DiskImage.CreateOrContinueAsync(path, plan, Token))
                {
                    foreach (var range in ranges)
                    {
                        await writer.WriteAsync(range.Offset, Enumerable.Repeat((byte)0x5a, (int)range.Length).ToArray(), Token);
                    }

                    await writer.CompleteAsync(Token);
                }

                await using var reader = await Images.OpenAsync(path);
                Assert.Equal(variant == DiskImageVariant.Fixed ? "fixed" : "dynamic", reader.Info.Variant);
                Assert.Equal(blockSize, reader.Info.BlockSize);
                Assert.Equal(sector, reader.Info.LogicalSectorSize);
                await Images.CheckExtentsAsync(reader);
                var buffer = new byte[8192];
                foreach (var range in ranges)
                {
                    await reader.ReadAsync(range.Offset, buffer.AsMemory(0, (int)range.Length), Token);
                    Assert.Equal(-1, buffer.AsSpan(0, (int)range.Length).IndexOfAnyExcept((byte)0x5a));
                }

                if (sector == 512)
                {
                    Tool.Require("qemu-io");
                    await Tool.RunAsync("qemu-img", "check", path);
                    var commands = ranges.SelectMany(r => new[] { "-c", $"read -P 0x5a {r.Offset} {r.Length}" }).Append("-c").Append($"read -P 0 4096 {MiB - 8192}");
                    var output = await Tool.RunAsync("qemu-io", ["-r", "-f", "vhdx", .. commands, path]);
                    Assert.DoesNotContain("failed", output, StringComparison.Ordinal);
                }
            }
        }
    }

    [Fact]
    public async Task Write_Fixed_HasEveryBlockInPlaceAndTakesNoSpaceForZeros()
    {
        var plan = new DiskImagePlan { Format = DiskImageFormat.Vhdx, Variant = DiskImageVariant.Fixed, Capacity = 10L << 30, Allocated = [new(5L << 30, 512)], DiskId = Guid.NewGuid() };
        await using (var writer = await DiskImage.CreateOrContinueAsync(_folder["a.vhdx"], plan, Token))
        {
            await writer.WriteAsync(5L << 30, new byte[] { 1 }, Token);
            await writer.CompleteAsync(Token);
        }

        Assert.Equal((10L << 30) + (4 * MiB), new FileInfo(_folder["a.vhdx"]).Length);
        var used = await Tool.RunAsync("du", "--block-size=1", _folder["a.vhdx"]);
        Assert.InRange(long.Parse(used.Split('\t')[0], System.Globalization.CultureInfo.InvariantCulture), 1, 4 * MiB);
        await using var reader = await Images.OpenAsync(_folder["a.vhdx"]);
        Assert.Contains(await reader.GetExtentsAsync(0, reader.Capacity, Token).ToListAsync(Token), e => e.Kind == ExtentKind.Data && e.Offset <= 5L << 30 && e.End > 5L << 30);
    }

    private static DiskImagePlan RandomPlan(Random random)
    {
        var capacity = random.Next(1, 40_000) * 512L;
        var ranges = new List<DiskRange>();
        for (long at = random.Next(0, 3) * 512L; at < capacity;)
        {
            var length = Math.Min(capacity - at, random.Next(1, random.Next(2) == 0 ? 20 : 6000) * 512L);
            ranges.Add(new DiskRange(at, length));
            at += length + (random.Next(0, 9000) * 512L);
        }

        return new DiskImagePlan { Format = DiskImageFormat.Vhdx, Capacity = capacity, Allocated = ranges, DiskId = new Guid(random.Next(), 1, 2, [3, 4, 5, 6, 7, 8, 9, 10]), BlockSize = random.Next(2) * MiB * 2 };
    }

    private static async Task WriteRandomlyAsync(IDiskImageWriter writer, DiskImagePlan plan, Random random, byte[] content, bool skipSome)
    {
        var pieces = new List<DiskRange>();
        foreach (var range in plan.Allocated)
        {
            for (var at = range.Offset; at < range.End;)
            {
                var length = Math.Min(range.End - at, random.Next(1, 3 * MiB));
                pieces.Add(new DiskRange(at, length));
                at += length;
            }
        }

        var order = pieces.ToArray();
        random.Shuffle(order);
        foreach (var piece in order.Where(_ => !skipSome || random.Next(4) > 0))
        {
            var part = content.AsMemory((int)piece.Offset, (int)piece.Length);
            random.NextBytes(part.Span);
            await writer.WriteAsync(piece.Offset, part, Token);
        }
    }

    private async Task AssertContentAsync(DiskImagePlan plan, byte[] content)
    {
        await using var reader = await Images.OpenAsync(_folder["a.vhdx"]);
        var read = new byte[plan.Capacity];
        await reader.ReadAsync(0, read, Token);
        Assert.Equal(plan.Capacity, reader.Capacity);
        Assert.Equal(plan.DiskId, reader.Info.DiskId);
        Assert.True(content.AsSpan().SequenceEqual(read));
        await Images.CheckExtentsAsync(reader);

        Tool.Require("qemu-img");
        await Tool.RunAsync("qemu-img", "check", _folder["a.vhdx"]);
        await Tool.RunAsync("qemu-img", "convert", "-f", "vhdx", "-O", "raw", _folder["a.vhdx"], _folder["a.raw"]);
        var raw = await File.ReadAllBytesAsync(_folder["a.raw"], Token);
        Assert.True(content.AsSpan().SequenceEqual(raw));
    }
}
