using System.Diagnostics;
using Ferry.DiskImages.FileSystems;
using Ferry.DiskImages.Tests.Support;
using Ferry.DiskImages.Tests.Volumes.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Volumes;

/// <summary>Empty file systems of many terabytes in sparse files: time and memory of a map.</summary>
[Trait("Tier", "all")]
public sealed class LargeVolumesTests : IDisposable
{
    private const long Tebi = 1L << 40;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(15, "mke2fs", "-q -F -t ext4 -E lazy_itable_init=1,lazy_journal_init=1,nodiscard")]
    [InlineData(15, "mke2fs", "-q -F -t ext4 -O ^flex_bg,^resize_inode,meta_bg -E lazy_itable_init=1,lazy_journal_init=1,nodiscard")]
    [InlineData(15, "mkfs.xfs", "-q -K")]
    [InlineData(8, "mkfs.ntfs", "-F -Q -q -c 4096")]
    [InlineData(1, "mkfs.fat", "-F 32 -s 64")]
    public async Task Map_OfAnEmptyFileSystem_TakesLittleTimeAndMemory(int terabytes, string program, string options)
    {
        Tool.Require(program);
        await using (var file = File.Create(_folder["a"]))
        {
            file.SetLength(terabytes * Tebi);
        }

        await Tool.RunAsync(program, [.. options.Split(' '), _folder["a"]]);
        var allocated = GC.GetTotalAllocatedBytes();
        var started = Stopwatch.GetTimestamp();

        var map = await Maps.ReadAsync(_folder["a"], 1 << 20);

        var (time, memory) = (Stopwatch.GetElapsedTime(started), GC.GetTotalAllocatedBytes() - allocated);
        TestContext.Current.TestOutputHelper?.WriteLine($"{program}, {terabytes} TiB: {time.TotalSeconds:0.00} s, {memory >> 20} MiB allocated in all, {map.Unused.Count} ranges");
        Assert.True(time < TimeSpan.FromSeconds(60), $"{time}");
        Assert.True(memory < 256 << 20, $"{memory}");
        Assert.Empty(map.Findings);
        // An ext4 without flex_bg has structures in every 128 MiB.
        Assert.InRange(map.UnusedBytes, terabytes * Tebi / 100 * 95, terabytes * Tebi);
    }
}
