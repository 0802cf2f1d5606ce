using System.Text;
using Ferry.DiskImages.FileSystems;
using Ferry.DiskImages.Tests.Support;
using Ferry.DiskImages.Tests.Volumes.Ext;
using Ferry.DiskImages.Tests.Volumes.Ntfs;
using Ferry.DiskImages.Tests.Volumes.Support;
using Ferry.DiskImages.Tests.Volumes.Xfs;
using Xunit;

namespace Ferry.DiskImages.Tests.Volumes;

/// <summary>Disks with several partitions, and what makes a volume something else than it seems.</summary>
public sealed class DiskMapTests : IDisposable
{
    private const long Mebi = 1 << 20;

    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Map_OfADiskWithPartitions_IsThatOfEachAtItsPlace()
    {
        await ExtImage.CreateAsync(_folder["2"], 20 * Mebi, "-t", "ext4");
        await ExtImage.FillAsync(_folder["2"], _folder.Path, 2 << 20);
        await XfsImage.CreateAsync(_folder["3"], 30 * Mebi, "-b", "size=1024");
        await NtfsImage.CreateAsync(_folder["4"], 10 * Mebi);
        await Tool.RunAsync("mkfs.fat", "-C", "-F", "16", _folder["1"], "10240");
        await Tool.RunAsync("truncate", "-s", "4M", _folder["5"]);
        Tool.Require("mkswap");
        await Tool.RunAsync("mkswap", _folder["5"]);
        await PartitionAsync(100, "label: gpt\n\nsize=10MiB,type=uefi\nsize=20MiB,type=linux\nsize=30MiB\nsize=10MiB\nsize=4MiB,type=swap\nsize=1MiB,type=21686148-6449-6E6F-744E-656564454649\n");

        var map = await Maps.ReadAsync(_folder["disk"]);

        Assert.Equal(["fat16", "ext4", "xfs", "ntfs", "swap", null], map.Volumes.Select(volume => volume.Content));
        Assert.Equal(["partition 1", "partition 2", "partition 3", "partition 4", "partition 5", "partition 6"], map.Volumes.Select(volume => volume.Name));
        Assert.Equal([(VolumeFindings.Unsupported, "partition 5"), (VolumeFindings.Unknown, "partition 6")], map.Findings.Select(finding => (finding.Code, finding.Volume)));
        var expected = new List<DiskRange>();
        foreach (var volume in map.Volumes.Where(volume => volume.IsMapped))
        {
            var (alone, _) = await Maps.ReadOneAsync(_folder[$"{volume.Partition!.Number}"]);
            Assert.Equal(alone.UnusedBytes, volume.UnusedBytes);
            foreach (var range in alone.Unused)
            {
                // The end of one partition and the start of the next may be free both.
                var moved = new DiskRange(range.Offset + volume.Offset, range.Length);
                Assert.True(expected.Count == 0 || expected[^1].End < moved.Offset);
                expected.Add(moved);
            }
        }

        Assert.Equal(expected, map.Unused);
    }

    /// <summary>Ranges below the size of a chunk are of no use to who works in chunks.</summary>
    [Fact]
    public async Task Map_WithAMinimumLength_HasTheLongRangesOnly()
    {
        await ExtImage.CreateAsync(_folder["a"], 60 * Mebi, "-t", "ext4", "-b", "1024");
        await ExtImage.FillAsync(_folder["a"], _folder.Path, 6 << 20);
        var all = await Maps.ReadAsync(_folder["a"]);
        var map = await Maps.ReadAsync(_folder["a"], Mebi);
        Assert.NotEqual(all.Unused.Count, map.Unused.Count);
        Assert.Equal(all.Unused.Where(range => range.Length >= Mebi), map.Unused);
        Assert.Equal(all.Volumes[0].UnusedBytes, map.Volumes[0].UnusedBytes);
    }

    /// <summary>Members of arrays and volumes of managers may begin like a file system that reaches over other disks.</summary>
    [Theory]
    [InlineData("83", 0xa92b4efcu, (8 * Mebi) - 8192, "md")]
    [InlineData("83", 0xa92b4efcu, (8 * Mebi) - 65536, "md")]
    [InlineData("83", 0xa92b4efcu, 4096L, "md")]
    [InlineData("83", 0x11de11deu, (8 * Mebi) - 512, "firmware RAID")]
    [InlineData("42", 0u, 0L, "LDM")]
    [InlineData("fd", 0u, 0L, "Linux RAID")]
    public async Task Map_OfAPartOfSomething_CountsItAsUsed(string type, uint magic, long offset, string text)
    {
        await ExtImage.CreateAsync(_folder["1"], 7 * Mebi, "-t", "ext4", "-b", "1024");
        if (magic != 0)
        {
            await WriteAsync("1", offset, BitConverter.GetBytes(magic));
        }

        await PartitionAsync(20, $"label: dos\n\nsize=8MiB,type={type}\n");
        var map = await Maps.ReadAsync(_folder["disk"]);
        Assert.Empty(map.Unused);
        Assert.Contains(text, Assert.Single(map.Findings).Message, StringComparison.Ordinal);
    }

    /// <summary>Two marks in one place: a remainder of what was there before, or a container of the other.</summary>
    [Theory]
    [InlineData(0, "XFSB")]
    [InlineData(3, "NTFS    ")]
    [InlineData(0, "LUKS\u00ba\u00be")]
    [InlineData(512, "LABELONE")]
    [InlineData(65600, "_BHRfS_M")]
    [InlineData(4086, "SWAPSPACE2")]
    [InlineData(131072, "\u000c\u00b1\u00ba\0\0\0\0\0")]
    public async Task Map_OfAVolumeWithTwoMarks_CountsItAsUsed(long offset, string mark)
    {
        await ExtImage.CreateAsync(_folder["a"], 8 * Mebi, "-t", "ext2", "-b", "1024");
        await WriteAsync("a", offset, Encoding.Latin1.GetBytes(mark));
        if (mark.StartsWith("NTFS", StringComparison.Ordinal))
        {
            await WriteAsync("a", 510, [0x55, 0xaa]);
        }

        await Maps.RefusesAsync(_folder["a"], VolumeFindings.Ambiguous);
    }

    /// <summary>A disk within a disk: a partition that holds the disk of a virtual machine.</summary>
    [Fact]
    public async Task Map_OfAPartitionThatIsPartitionedItself_CountsItAsUsed()
    {
        await ExtImage.CreateAsync(_folder["1"], 8 * Mebi, "-t", "ext2", "-b", "1024");
        await WriteAsync("1", 446, [0, 0, 0, 0, 0x83, 0, 0, 0, 0, 8, 0, 0, 0, 8, 0, 0]);
        await WriteAsync("1", 510, [0x55, 0xaa]);
        await PartitionAsync(20, "label: dos\n\nsize=8MiB\n");
        await Maps.RefusesAsync(_folder["disk"], VolumeFindings.Ambiguous);
    }

    /// <summary>The file system of before the partitioning is still there, on the disk as a whole.</summary>
    [Fact]
    public async Task Map_OfAPartitionedDiskWithAFileSystemOnTheWhole_CountsAllAsUsed()
    {
        await ExtImage.CreateAsync(_folder["1"], 8 * Mebi, "-t", "ext4");
        await PartitionAsync(20, "label: dos\n\nsize=8MiB\n");
        Assert.NotEmpty((await Maps.ReadAsync(_folder["disk"])).Unused);
        await ExtImage.CreateAsync(_folder["old"], 20 * Mebi, "-t", "ext4");
        var superblock = await File.ReadAllBytesAsync(_folder["old"], Token);
        await WriteAsync("disk", 1024, superblock[1024..2048]);
        await Maps.RefusesAsync(_folder["disk"], VolumeFindings.Ambiguous);
    }

    [Fact]
    public async Task Map_OfADiskWithDoubtfulPartitions_CountsTheseAsUsed()
    {
        await ExtImage.CreateAsync(_folder["1"], 8 * Mebi, "-t", "ext4");
        await PartitionAsync(20, "label: dos\n\nsize=8MiB\n");
        // A second entry over the end of the first.
        await WriteAsync("disk", 462, [0, 0, 0, 0, 0x83, 0, 0, 0, 0, 70, 0, 0, 0, 1, 0, 0]);
        var map = await Maps.ReadAsync(_folder["disk"]);
        Assert.Empty(map.Unused);
        Assert.Equal(
            [(VolumeFindings.PartitionsInconsistent, "partition 1"), (VolumeFindings.PartitionsInconsistent, "partition 2")],
            map.Findings.Select(finding => (finding.Code, finding.Volume)));
    }

    [Fact]
    public async Task Map_OfAFileSystemThatIsLongerThanItsPartition_SaysSo()
    {
        await ExtImage.CreateAsync(_folder["1"], 12 * Mebi, "-t", "ext4");
        await PartitionAsync(20, "label: dos\n\nsize=8MiB\n");
        await Maps.RefusesAsync(_folder["disk"], VolumeFindings.Inconsistent);
    }

    private async Task PartitionAsync(int megabytes, string script)
    {
        Tool.Require("sfdisk");
        await Tool.RunAsync("truncate", "-s", $"{megabytes}M", _folder["disk"]);
        await File.WriteAllTextAsync(_folder["script"], script, Token);
        await Tool.RunAsync("sh", "-c", $"sfdisk -q '{_folder["disk"]}' < '{_folder["script"]}'");
        var map = await Maps.ReadAsync(_folder["disk"]);
        foreach (var partition in map.Partitions.Partitions.Where(partition => File.Exists(_folder[$"{partition.Number}"])))
        {
            var bytes = await File.ReadAllBytesAsync(_folder[$"{partition.Number}"], Token);
            await WriteAsync("disk", partition.Offset, bytes[..(int)Math.Min(bytes.Length, partition.Length)]);
        }
    }

    private async Task WriteAsync(string name, long offset, byte[] bytes)
    {
        await using var file = File.Open(_folder[name], FileMode.Open);
        file.Position = offset;
        await file.WriteAsync(bytes, Token);
    }
}
