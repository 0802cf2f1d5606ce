using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests;

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
    public async Task CreateOrContinue_AfterAnInterruption_GivesTheSameBytes()
    {
        var plan = RandomPlan(new Random(7));
        var content = new byte[plan.Capacity];
        await using (var writer = await DiskImage.CreateOrContinueAsync(_folder["whole.vhdx"], plan, Token))
        {
            await WriteRandomlyAsync(writer, plan, new Random(8), content, skipSome: false);
            await writer.CompleteAsync(Token);
        }

        await using (var first = await DiskImage.CreateOrContinueAsync(_folder["a.vhdx"], plan, Token))
        {
            foreach (var range in plan.Allocated.Take(plan.Allocated.Count / 2))
            {
                await first.WriteAsync(range.Offset, content.AsMemory((int)range.Offset, (int)range.Length), Token);
            }
        }

        await using (var second = await DiskImage.CreateOrContinueAsync(_folder["a.vhdx"], plan, Token))
        {
            foreach (var range in plan.Allocated.Skip(plan.Allocated.Count / 2))
            {
                await second.WriteAsync(range.Offset, content.AsMemory((int)range.Offset, (int)range.Length), Token);
            }

            await second.CompleteAsync(Token);
        }

        Assert.Equal(await File.ReadAllBytesAsync(_folder["whole.vhdx"], Token), await File.ReadAllBytesAsync(_folder["a.vhdx"], Token));
        await using var third = await DiskImage.CreateOrContinueAsync(_folder["a.vhdx"], plan, Token);
        await third.CompleteAsync(Token);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await third.WriteAsync(plan.Allocated[0].Offset, new byte[1], Token));
    }

    [Fact]
    public async Task CreateOrContinue_OtherFileOrPlan_IsNeverOverwritten()
    {
        var plan = RandomPlan(new Random(9));
        await File.WriteAllTextAsync(_folder["text"], "precious", Token);
        await Images.FailsAsync(DiskImageErrors.Exists, async () => await DiskImage.CreateOrContinueAsync(_folder["text"], plan, Token));
        Assert.Equal("precious", await File.ReadAllTextAsync(_folder["text"], Token));

        await using (await DiskImage.CreateOrContinueAsync(_folder["a.vhdx"], plan, Token))
        {
        }

        var other = plan with { DiskId = Guid.NewGuid() };
        await Images.FailsAsync(DiskImageErrors.Exists, async () => await DiskImage.CreateOrContinueAsync(_folder["a.vhdx"], other, Token));
        await using (var writer = await DiskImage.CreateOrContinueAsync(_folder["a.vhdx"], plan, Token))
        {
            await writer.CompleteAsync(Token);
        }

        await Images.FailsAsync(DiskImageErrors.Exists, async () => await DiskImage.CreateOrContinueAsync(_folder["a.vhdx"], other, Token));
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
