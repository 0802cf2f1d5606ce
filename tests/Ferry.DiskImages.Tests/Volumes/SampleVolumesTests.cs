using System.Security.Cryptography;
using Ferry.DiskImages.FileSystems;
using Ferry.DiskImages.Lvm;
using Ferry.DiskImages.Partitions;
using Ferry.DiskImages.Tests.Support;
using Ferry.DiskImages.Tests.Volumes.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Volumes;

/// <summary>Disks that other systems made; the facts are those of samples.md.</summary>
public sealed class SampleVolumesTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Gpt_OfAMacWithWindows_IsRead()
    {
        var path = await Samples.UnpackAsync("fox-it-dissect.volume/gpt.bin", _folder.Path);
        await SetLengthAsync(path, 61440000L * 512);
        var table = await ReadTableAsync(path);
        Assert.Equal((PartitionScheme.Gpt, 512, "299dd468-9fa2-4f82-9123-c79621ded58b"), (table.Scheme, table.SectorSize, table.DiskId));
        Assert.Equal([(1, 40L, 409639L, "EFI system", "EFI System Partition"), (2, 411648L, 61437951L, "Microsoft basic data", "")], table.Partitions.Select(
            partition => (partition.Number, partition.Offset / 512, (partition.End / 512) - 1, partition.TypeName, partition.Name == "EFI System Partition" ? partition.Name : "")));
        Assert.False(table.IsDoubtful);
        // The rest of the disk, with the backup, is not in the sample; the hybrid record agrees.
        Assert.Equal(VolumeFindings.PartitionsWithoutBackup, Assert.Single(table.Findings).Code);
    }

    [Fact]
    public async Task Gpt_OfATruncatedDisk_HasDoubtfulPartitions()
    {
        var path = await Samples.UnpackAsync("fox-it-dissect.volume/gpt.bin", _folder.Path);
        var table = await ReadTableAsync(path);
        Assert.All(table.Partitions, partition => Assert.True(partition.Flags.HasFlag(PartitionFlags.Doubtful)));
        Assert.Empty((await Maps.ReadAsync(path)).Unused);
    }

    [Fact]
    public async Task Gpt_Of4096ByteSectors_IsReadThoughTheImageDoesNotSaySo()
    {
        var path = await Samples.UnpackAsync("fox-it-dissect.volume/gpt_4k.bin", _folder.Path);
        await SetLengthAsync(path, 4192L * 4096);
        var table = await ReadTableAsync(path);
        Assert.Equal((PartitionScheme.Gpt, 4096, "17d45e49-0ff0-48ac-95a3-95bda49da632"), (table.Scheme, table.SectorSize, table.DiskId));
        Assert.Equal([(256L, 512L), (768L, 1024L), (1280L, 4186L)], table.Partitions.Select(partition => (partition.Offset / 4096, (partition.End / 4096) - 1)));
        Assert.All(table.Partitions, partition => Assert.Equal(("Linux filesystem", PartitionFlags.None), (partition.TypeName, partition.Flags)));
    }

    [Fact]
    public async Task Mbr_OfWindows7_IsRead()
    {
        var path = await Samples.UnpackAsync("fox-it-dissect.volume/mbr.bin", _folder.Path);
        await SetLengthAsync(path, (1026048L + 124801024 + 2048) * 512);
        var table = await ReadTableAsync(path);
        Assert.Equal((PartitionScheme.Mbr, "baff7d5c"), (table.Scheme, table.DiskId));
        Assert.Equal(
            [(1, 2048L, 1024000L, (byte?)7, PartitionFlags.Bootable), (2, 1026048L, 124801024L, (byte?)7, PartitionFlags.None)],
            table.Partitions.Select(partition => (partition.Number, partition.Offset / 512, partition.Length / 512, partition.MbrType, partition.Flags)));
    }

    [Fact]
    public async Task Mbr_WithAnExtendedPartition_IsReadAndItsExt2Mapped()
    {
        var path = await Samples.UnpackAsync("log2timeline-dfvfs/mbr.raw.gz", _folder.Path);
        var map = await Maps.ReadAsync(path);
        Assert.Equal("53f5a6ee", map.Partitions.DiskId);
        Assert.Equal(
            [(1, 1L, 350L, (byte?)0x83), (2, 351L, 2529L, (byte?)0x05), (5, 352L, 2528L, (byte?)0x83)],
            map.Partitions.Partitions.Select(partition => (partition.Number, partition.Offset / 512, partition.Length / 512, partition.MbrType)));
        Assert.Equal([null, "ext2"], map.Volumes.Select(volume => volume.Content));
        Assert.Equal((VolumeFindings.Unknown, "partition 1"), map.Findings.Select(finding => (finding.Code, finding.Volume)).Single());
        Assert.True(map.UnusedBytes > 352 * 512);
        Assert.All(map.Unused, range => Assert.True(range.Offset >= 352 * 512));
    }

    /// <summary>Volumes that are clean, with what a second program says to be free.</summary>
    [Theory]
    [InlineData("log2timeline-dfvfs/ext2.qcow2.gz", "qcow2", "ext2")]
    [InlineData("LTRData-DiscUtils/data.ext4.dat.gz", "raw", "ext4")]
    [InlineData("davidepianca98-hoho-os/floppy.img.gz", "raw", "fat12")]
    [InlineData("log2timeline-dfvfs/windows_volume.qcow2.gz", "qcow2", "ntfs")]
    [InlineData("fox-it-dissect.hypervisor/vhd/fixed.vhd.gz", "vpc", "ntfs")]
    [InlineData("fox-it-dissect.hypervisor/vhdx/dynamic.vhdx.gz", "vhdx", "ntfs")]
    [InlineData("LTRData-DiscUtils/xfs5.vhdx.gz", "vhdx", "xfs")]
    public async Task Volume_OfAnotherSystem_IsMapped(string sample, string format, string content)
    {
        var path = await UnpackRawAsync(sample, format);
        var map = await Maps.ReadAsync(path);
        Assert.Empty(map.Findings);
        var volume = Assert.Single(map.Volumes);
        Assert.Equal((content, true), (volume.Content, volume.IsMapped));
        Assert.InRange(map.UnusedBytes, 1, volume.Length - 1);
    }

    /// <summary>A whole-disk FAT whose boot sector has a partition table, too: neither can be trusted.</summary>
    [Fact]
    public async Task Volume_ThatIsAlsoPartitioned_CountsAsUsed()
    {
        var path = await UnpackRawAsync("davidepianca98-hoho-os/hdd.vdi.gz", "vdi");
        await Maps.RefusesAsync(path, VolumeFindings.Ambiguous);
    }

    [Theory]
    [InlineData("log2timeline-dfvfs/lvm.qcow2.gz", "test_volume_group/test_logical_volume", "c99d6a59786b5b4fc3b3bde4a769f9c622da883460f1df54f1157d0c7af94209")]
    [InlineData("log2timeline-dfvfs/lvmtest.qcow2.gz", "vg_test/lv_test1", "c1ac1de79f706fff71bfdb8a4ba58a8317c83abbb2065e54feddd2549875332b")]
    [InlineData("log2timeline-dfvfs/lvmtest.qcow2.gz", "vg_test/lv_test2", "1460e32323390412431d0ccf1a90a0f949e3be72454faedabc204c1f470b0dae")]
    public async Task LogicalVolume_OfFedora_HasTheKnownContentAndIsMapped(string sample, string name, string sha256)
    {
        var path = await UnpackRawAsync(sample, "qcow2");
        await using var disk = await Images.OpenAsync(path, DiskImageFormat.Raw);
        var group = new VolumeGroupAssembly();
        await group.AddAsync(new PhysicalVolume(0, 0, "disk", new DiskRangeSource(disk, 0, disk.Capacity)), Token);
        var volume = group.Assemble().Single(volume => volume.Name == name);
        var content = new byte[volume.Length];
        await volume.ReadAsync(0, content, Token);
        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(content)));

        var map = await Maps.ReadAsync(path);

        Assert.Empty(map.Findings);
        var mapped = map.Volumes.Single(volume => volume.Name == name);
        Assert.Equal(("ext2", VolumeKind.LogicalVolume, true), (mapped.Content, mapped.Kind, mapped.IsMapped));
        Assert.True(mapped.UnusedBytes > 0);
        Assert.Equal(map.UnusedBytes, map.Volumes.Sum(volume => volume.UnusedBytes));
    }

    private static async Task SetLengthAsync(string path, long length)
    {
        await Tool.RunAsync("chmod", "u+w", path);
        await using var file = File.OpenWrite(path);
        file.SetLength(length);
    }

    private static async Task<PartitionTable> ReadTableAsync(string path)
    {
        await using var disk = await Images.OpenAsync(path, DiskImageFormat.Raw);
        return await PartitionTable.ReadAsync(disk, Token);
    }

    private async Task<string> UnpackRawAsync(string sample, string format)
    {
        var path = await Samples.UnpackAsync(sample, _folder.Path);
        if (format == "raw")
        {
            return path;
        }

        Tool.Require("qemu-img");
        await Tool.RunAsync("qemu-img", "convert", "-f", format, "-O", "raw", path, _folder["raw"]);
        return _folder["raw"];
    }
}
