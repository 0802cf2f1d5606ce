using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Vhd;

/// <summary>Written disks up to the largest that the format has, and the sizes that it does not have.</summary>
public sealed class VhdSizeTests : IDisposable
{
    private const int MiB = 1 << 20;
    private const int SmallBlock = 512 << 10;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The geometries of Windows, Virtual PC and the specification's appendix.</summary>
    [Theory]
    [InlineData(512, "1/4/17")]
    [InlineData(4194304, "120/4/17")]
    [InlineData(10485760, "301/4/17")]
    [InlineData(142597632, "1023/16/17")]
    [InlineData(142606336, "561/16/31")]
    [InlineData(150000128, "590/16/31")]
    [InlineData(1L << 30, "2080/16/63")]
    [InlineData(136365211648, "65278/16/255")]
    [InlineData((65535L * 16 * 255 * 512) - 512, "65534/16/255")]
    [InlineData(1L << 40, "65535/16/255")]
    public async Task Create_AnySize_HasItsGeometry(long capacity, string geometry)
    {
        var plan = new DiskImagePlan { Format = DiskImageFormat.Vhd, Capacity = capacity, Allocated = [], DiskId = Guid.NewGuid() };
        await using (var writer = await DiskImage.CreateOrContinueAsync(_folder["a.vhd"], plan, Token))
        {
            await writer.CompleteAsync(Token);
        }

        await using var reader = await Images.OpenAsync(_folder["a.vhd"]);
        Assert.Equal(geometry, reader.Info.Properties["geometry"]);
        Assert.Equal(capacity, reader.Capacity);
    }

    [Fact]
    public async Task CreateOrContinue_SizesThatTheFormatDoesNotHave_AreRefused()
    {
        var plan = new DiskImagePlan { Format = DiskImageFormat.Vhd, Capacity = 2040L << 30, Allocated = [], DiskId = Guid.NewGuid() };
        foreach (var wrong in new[]
        {
            plan with { Capacity = (2040L << 30) + 512 },
            plan with { Capacity = (2040L << 30) + 512, Variant = DiskImageVariant.Fixed },
            plan with { Capacity = 0 },
            plan with { Capacity = 1000 },
            plan with { LogicalSectorSize = 4096 },
            plan with { BlockSize = 3 << 20 },
            plan with { BlockSize = 256 << 10 },
            plan with { BlockSize = 512 << 20 },
            plan with { BlockSize = 1 << 20, Variant = DiskImageVariant.Fixed },
        })
        {
            await Assert.ThrowsAsync<ArgumentException>(async () => await DiskImage.CreateOrContinueAsync(_folder["a.vhd"], wrong, Token));
        }

        Assert.False(File.Exists(_folder["a.vhd"]));
        var tooLarge = await Assert.ThrowsAsync<ArgumentException>(async () => await DiskImage.CreateOrContinueAsync(_folder["a.vhd"], plan with { Capacity = 3L << 40 }, Token));
        Assert.Contains("2040 GiB", tooLarge.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2040L << 30, 0, DiskImageVariant.Dynamic)]
    [InlineData(2040L << 30, SmallBlock, DiskImageVariant.Dynamic)]
    [InlineData((2040L << 30) - 512, 256 << 20, DiskImageVariant.Dynamic)]
    [InlineData(2040L << 30, 0, DiskImageVariant.Fixed)]
    [InlineData((128L << 30) + 512, SmallBlock, DiskImageVariant.Dynamic)]
    public async Task Write_LargeDisk_KeepsTheEndsOfBlocksAndTableSectorsApart(long capacity, int blockSize, DiskImageVariant variant)
    {
        // 128 entries are a sector of the table.
        var step = (blockSize == 0 ? 2L * MiB : blockSize) * 128;
        var ranges = new List<DiskRange> { new(0, 512) };
        for (var at = step; at < capacity && ranges.Count < 60; at += step * (ranges.Count < 20 ? 1 : 301))
        {
            ranges.Add(new DiskRange(at - 512, 1024));
        }

        if (ranges[^1].End <= capacity - 512)
        {
            ranges.Add(new DiskRange(capacity - 512, 512));
        }

        var plan = new DiskImagePlan { Format = DiskImageFormat.Vhd, Variant = variant, Capacity = capacity, Allocated = ranges, BlockSize = blockSize, DiskId = Guid.NewGuid() };
        await using (var writer = await DiskImage.CreateOrContinueAsync(_folder["a.vhd"], plan, Token))
        {
            for (var i = 0; i < ranges.Count; i++)
            {
                await writer.WriteAsync(ranges[i].Offset, Enumerable.Repeat((byte)(i + 1), (int)ranges[i].Length).ToArray(), Token);
            }

            await writer.CompleteAsync(Token);
        }

        await using var reader = await Images.OpenAsync(_folder["a.vhd"]);
        for (var i = 0; i < ranges.Count; i++)
        {
            var buffer = new byte[ranges[i].Length];
            await reader.ReadAsync(ranges[i].Offset, buffer, Token);
            Assert.Equal(-1, buffer.AsSpan().IndexOfAnyExcept((byte)(i + 1)));
        }

        Tool.Require("qemu-io");
        var reads = ranges.Select((range, i) => $"read -P {i + 1} {range.Offset} {range.Length}").SelectMany(command => new[] { "-c", command });
        var output = await Tool.RunAsync("qemu-io", ["-r", "-f", "vpc", .. reads, _folder["a.vhd"]]);
        Assert.DoesNotContain("verification failed", output, StringComparison.Ordinal);
        Assert.Equal(ranges.Count, output.Split("read ").Length - 1);
    }

    [Fact]
    public async Task Write_FullDiskOfSmallBlocks_StillFitsTheSectorNumbers()
    {
        // With every block in use the last sector number is just below 2^32: the slots are packed then.
        var capacity = 2040L << 30;
        var plan = new DiskImagePlan { Format = DiskImageFormat.Vhd, Capacity = capacity, Allocated = [new DiskRange(0, capacity)], BlockSize = SmallBlock, DiskId = Guid.NewGuid() };
        await using var writer = await DiskImage.CreateOrContinueAsync(_folder["a.vhd"], plan, Token);
        await writer.WriteAsync(capacity - 512, new byte[512], Token);

        Assert.InRange(new FileInfo(_folder["a.vhd"]).Length, capacity, 1L << 41);
    }
}
