using System.Buffers.Binary;
using System.Diagnostics;
using Ferry.DiskImages.FileSystems;
using Ferry.DiskImages.Tests.Fuzzing;
using Ferry.DiskImages.Tests.Support;
using Ferry.DiskImages.Tests.Volumes.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Volumes;

/// <summary>Damaged disks give a map or findings, in bounded time and memory, and nothing else.</summary>
[Collection(FuzzCollection.Name)]
public sealed class VolumeMutationTests : IDisposable
{
    private const long Mebi = 1 << 20;
    private const int Rounds = 200;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(VolumeSeeds.Names), MemberType = typeof(VolumeSeeds))]
    public async Task Map_OfADamagedDisk_NeverFailsInAnotherWay(string seed) => await (await VolumeSeeds.MakeAsync(seed, _folder)).RunAsync(Rounds);

    [Theory]
    [Trait("Tier", "all")]
    [MemberData(nameof(VolumeSeeds.Names), MemberType = typeof(VolumeSeeds))]
    public async Task Map_OfADamagedDiskInManyRounds_NeverFailsInAnotherWay(string seed) => await (await VolumeSeeds.MakeAsync(seed, _folder)).RunAsync(Rounds * Fuzz.LongFactor);

    /// <summary>What the damage is done to is understood as it is, or the rounds show nothing.</summary>
    [Fact]
    public async Task Map_OfTheHandmadeVolumeGroup_HasItsFileSystem()
    {
        var seed = await VolumeSeeds.MakeAsync("lvm with right checksums", _folder);
        await using var disk = new SparseDisk(seed.Capacity).With(0, seed.Bytes);

        var map = await UsedBlockMap.ReadAsync(disk, null, Token);

        Assert.Equal("ext2", Assert.Single(map.Volumes, volume => volume.Name == "group/root" && volume.IsMapped).Content);
        Assert.True(map.UnusedBytes > Mebi);
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
        await VolumeSeeds.CreateAsync(kind, _folder["a"]);
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
}
