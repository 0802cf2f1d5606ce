using Ferry.DiskImages.Tests.Support;
using Ferry.DiskImages.Tests.Writing;
using Xunit;
using static Ferry.DiskImages.Tests.Qcow2.Qcow2Images;

namespace Ferry.DiskImages.Tests.Qcow2;

/// <summary>How much memory is taken; nothing else runs meanwhile, as it would be counted.</summary>
[Collection(nameof(Alone))]
public sealed class Qcow2MemoryTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A sparse disk of 64 TiB costs no more memory than what it holds: tables are written page by page.</summary>
    [Theory]
    [InlineData(65536, 64L << 40)]
    [InlineData(4096, 7L << 40)]
    [InlineData(2097152, 64L << 40)]
    public async Task Write_SparseDiskOf64TiB_CostsLittle(int clusterSize, long capacity)
    {
        var random = Seed.New();
        var ranges = Enumerable.Range(0, 40).Select(_ => random.NextInt64(capacity / MiB) * MiB).Append(0).Append(capacity - 4096).Distinct().Order().Select(o => new DiskRange(o, 4096)).ToList();
        var plan = new DiskImagePlan { Format = DiskImageFormat.Qcow2, Capacity = capacity, BlockSize = clusterSize, Allocated = ranges, DiskId = Guid.NewGuid() };
        var pieces = ranges.Select((r, i) => new Piece(r.Offset, [.. Enumerable.Repeat((byte)(i + 1), 4096)])).ToList();
        var image = new WrittenImage(_folder, "a", DiskImageFormat.Qcow2);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await using (var writer = await DiskImage.CreateOrContinueAsync(image.Path, plan, Token))
        {
            foreach (var piece in pieces)
            {
                await writer.WriteAsync(piece.Offset, piece.Bytes, Token);
            }

            await writer.CompleteAsync(Token);
        }

        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 8 * MiB);
        await image.AssertPatternsAsync(pieces);
        await using var reader = await image.OpenAsync();
        var data = (await reader.GetExtentsAsync(0, capacity, Token).ToListAsync(Token)).Where(e => e.Kind == ExtentKind.Data).Sum(e => e.Length);
        Assert.InRange(data, ranges.Count * 4096L, ranges.Count * (long)clusterSize);

        await ImageConverter.ConvertAsync(
            reader, _folder["c.qcow2"], DiskImageFormat.Qcow2, new ImageConvertOptions { Variant = DiskImageVariant.Compressed, BlockSize = clusterSize }, cancellationToken: Token);
        await Tool.RunAsync("qemu-img", "check", _folder["c.qcow2"]);
        await using var converted = await Images.OpenAsync(_folder["c.qcow2"]);
        Assert.True((await ImageComparer.CompareAsync(reader, converted, cancellationToken: Token)).IsIdentical);
    }

    /// <summary>A sparse file makes room for tables that claim much: nothing of it may take memory or time.</summary>
    [Fact]
    public async Task Open_LargestTableInASparseFile_CostsLittle()
    {
        await File.WriteAllBytesAsync(_folder["a.qcow2"], new HandmadeQcow2 { DiskSize = 1UL << 51, L1Entries = 4 << 20, L1 = [] }.ToBytes(), Token);
        await using (var file = File.OpenWrite(_folder["a.qcow2"]))
        {
            file.SetLength(1L << 40);
        }

        var before = GC.GetTotalAllocatedBytes(precise: true);
        await using var reader = await Images.OpenAsync(_folder["a.qcow2"]);
        var extents = await reader.GetExtentsAsync(0, 1L << 51, Token).ToListAsync(Token);

        Assert.Equal([new(0, 1L << 51, ExtentKind.Unallocated)], extents);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 100 << 20);
    }

    [CollectionDefinition(nameof(Alone), DisableParallelization = true)]
    public sealed class Alone;
}
