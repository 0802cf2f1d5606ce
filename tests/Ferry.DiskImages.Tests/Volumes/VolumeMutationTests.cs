using System.Buffers.Binary;
using System.Diagnostics;
using Ferry.DiskImages.FileSystems;
using Ferry.DiskImages.Tests.Support;
using Ferry.DiskImages.Tests.Volumes.Ext;
using Ferry.DiskImages.Tests.Volumes.Ntfs;
using Ferry.DiskImages.Tests.Volumes.Support;
using Ferry.DiskImages.Tests.Volumes.Xfs;
using Xunit;

namespace Ferry.DiskImages.Tests.Volumes;

/// <summary>Damaged disks give a map or findings, in bounded time and memory, and nothing else.</summary>
public sealed class VolumeMutationTests : IDisposable
{
    private const long Mebi = 1 << 20;
    private const int Rounds = 250;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("ext2 without checksums")]
    [InlineData("ext4 with checksums of descriptors")]
    [InlineData("ext4 with meta_bg")]
    [InlineData("ext4 with bigalloc")]
    [InlineData("xfs 4")]
    [InlineData("xfs 5")]
    [InlineData("ntfs")]
    [InlineData("fat12")]
    [InlineData("fat16")]
    [InlineData("fat32")]
    [InlineData("mbr")]
    [InlineData("gpt")]
    public async Task Map_OfADamagedDisk_NeverFailsInAnotherWay(string kind)
    {
        await CreateAsync(kind);
        await MutateAsync(await File.ReadAllBytesAsync(_folder["a"], Token));
    }

    [Theory]
    [InlineData("log2timeline-dfvfs/lvmtest.qcow2.gz", "qcow2")]
    [InlineData("log2timeline-dfvfs/windows_volume.qcow2.gz", "qcow2")]
    [InlineData("fox-it-dissect.hypervisor/vhd/fixed.vhd.gz", "vpc")]
    public async Task Map_OfADamagedSample_NeverFailsInAnotherWay(string sample, string format)
    {
        Tool.Require("qemu-img");
        await Tool.RunAsync("qemu-img", "convert", "-f", format, "-O", "raw", await Samples.UnpackAsync(sample, _folder.Path), _folder["a"]);
        await MutateAsync(await File.ReadAllBytesAsync(_folder["a"], Token));
    }

    /// <summary>Sizes that a disk of 2^62 bytes would have room for: what they claim is not read, and no memory is taken for it.</summary>
    [Theory]
    [InlineData("ext2 without checksums", 1024 + 4, 0xffffffffUL)]
    [InlineData("ext4 with meta_bg", 1024 + 336, 0xffffUL)]
    [InlineData("xfs 4", 8, 0xffffff0000000000UL)]
    [InlineData("xfs 4", 84, 0xffffff7f01000000UL)]
    [InlineData("ntfs", 40, 0x0000100000000000UL)]
    [InlineData("ntfs", 40, 0x00000007f0000000UL)]
    [InlineData("fat32", 32, 0xffffffffffffffffUL)]
    public async Task Map_OfSizesThatOnlyAHugeDiskHasRoomFor_CostsNothing(string kind, int offset, ulong value)
    {
        await CreateAsync(kind);
        var bytes = await File.ReadAllBytesAsync(_folder["a"], Token);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(offset), value);
        await using var disk = new SparseDisk(1L << 62).With(0, bytes);
        var started = Stopwatch.GetTimestamp();
        var allocated = GC.GetTotalAllocatedBytes();

        var map = await UsedBlockMap.ReadAsync(disk, null, Token);

        Assert.Empty(map.Unused);
        Assert.NotEmpty(map.Findings);
        Assert.True(disk.BytesRead < 32 << 20, $"{disk.BytesRead} bytes were read");
        Assert.True(GC.GetTotalAllocatedBytes() - allocated < 256 << 20);
        Assert.True(Stopwatch.GetElapsedTime(started) < Limit);
    }

    [Fact]
    public void Ranges_MoreThanAreKept_BecomeFewerAndLonger()
    {
        var ranges = new UnusedRanges(1, 100);
        for (var i = 0; i < 10_000; i++)
        {
            ranges.Add(i * 1000L, Length(i));
        }

        var kept = ranges.Complete();
        Assert.InRange(kept.Count, 1, 100);
        Assert.All(kept, range => Assert.True(range.Length >= ranges.MinimumLength && range.Offset % 1000 == 0));
        Assert.Equal(Enumerable.Range(0, 10_000).Sum(Length), ranges.Bytes);

        static long Length(int i) => i % 200 == 7 ? 900 : 1 + (i % 500);
    }

    private static async Task MutateAsync(byte[] original)
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        // Where there is something: the changes go there.
        var places = Enumerable.Range(0, original.Length / 512).Where(i => original.AsSpan(i * 512, 512).ContainsAnyExcept((byte)0)).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = (byte[])original.Clone();
            for (var changes = random.Next(1, 8); changes > 0; changes--)
            {
                // Most of them at the start and in the first structures behind it.
                var sector = places[random.Next(random.Next(3) == 0 ? places.Length : Math.Min(places.Length, 40))];
                var at = (sector * 512) + random.Next(512);
                bytes[at] = random.Next(3) switch { 0 => 0xff, 1 => (byte)random.Next(256), _ => (byte)(bytes[at] ^ (1 << random.Next(8))) };
            }

            await using var disk = new SparseDisk(random.Next(5) == 0 ? Math.Max(512, random.Next(original.Length)) : original.Length);
            disk.With(0, bytes[..(int)disk.Capacity]);
            var started = Stopwatch.GetTimestamp();
            try
            {
                Maps.Check(await UsedBlockMap.ReadAsync(disk, null, Token), disk.Capacity);
            }
            catch (Exception e)
            {
                Assert.Fail($"Seed {seed}, round {round}: {e}");
            }

            Assert.True(Stopwatch.GetElapsedTime(started) < Limit, $"Seed {seed}, round {round} took too long.");
        }
    }

    private async Task CreateAsync(string kind)
    {
        switch (kind)
        {
            case "ext2 without checksums":
                await ExtImage.CreateAsync(_folder["a"], 5 * Mebi, "-t", "ext2", "-b", "1024", "-g", "1024");
                break;
            case "ext4 with checksums of descriptors":
                await ExtImage.CreateAsync(_folder["a"], 5 * Mebi, "-t", "ext4", "-b", "1024", "-g", "1024", "-O", "^metadata_csum,uninit_bg");
                break;
            case "ext4 with meta_bg":
                await ExtImage.CreateAsync(_folder["a"], 8 * Mebi, "-t", "ext4", "-b", "1024", "-g", "256", "-O", "^metadata_csum,^uninit_bg,64bit,meta_bg,^resize_inode");
                break;
            case "ext4 with bigalloc":
                await ExtImage.CreateAsync(_folder["a"], 8 * Mebi, "-t", "ext4", "-b", "1024", "-O", "^metadata_csum,bigalloc", "-C", "4096", "-g", "2048");
                break;
            case "xfs 4":
                await XfsImage.CreateAsync(_folder["a"], 20 * Mebi, "-m", "crc=0");
                break;
            case "xfs 5":
                await XfsImage.CreateAsync(_folder["a"], 20 * Mebi);
                break;
            case "ntfs":
                await NtfsImage.CreateAsync(_folder["a"], 4 * Mebi, "-c", "512");
                break;
            case "mbr":
                await ExtImage.CreateAsync(_folder["b"], 2 * Mebi, "-t", "ext2");
                await PartitionAsync("label: dos\n\n2048,1M,83\n6144,7M,5\n,1M,83\n,2M,83\n,1M,82\n");
                break;
            case "gpt":
                await ExtImage.CreateAsync(_folder["b"], 2 * Mebi, "-t", "ext2");
                await PartitionAsync("label: gpt\n\n2048,1M\n6144,2M\n,1M\n");
                break;
            default:
                Tool.Require("mkfs.fat");
                await Tool.RunAsync("mkfs.fat", "-C", "-F", kind[3..], "-s", "1", _folder["a"], kind switch { "fat12" => "1440", "fat16" => "9000", _ => "34000" });
                break;
        }
    }

    private async Task PartitionAsync(string script)
    {
        Tool.Require("sfdisk");
        await Tool.RunAsync("truncate", "-s", "12M", _folder["a"]);
        await File.WriteAllTextAsync(_folder["script"], script, Token);
        await Tool.RunAsync("sh", "-c", $"sfdisk -q '{_folder["a"]}' < '{_folder["script"]}' && dd if='{_folder["b"]}' of='{_folder["a"]}' bs=512 seek=6144 conv=notrunc status=none");
    }
}
