using System.Globalization;
using System.Text.RegularExpressions;
using Ferry.DiskImages.FileSystems;
using Ferry.DiskImages.Tests.Support;
using Ferry.DiskImages.Tests.Volumes.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Volumes.Ext;

/// <summary>What the kernel leaves behind: in use, frozen, unmounted, grown; and what is damaged.</summary>
public sealed class ExtStateTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("-t ext4")]
    [InlineData("-t ext4 -b 1024 -O orphan_file,fast_commit")]
    [InlineData("-t ext4 -b 4096 -O bigalloc -C 32768")]
    [InlineData("-t ext4 -b 1024 -O ^has_journal")]
    [InlineData("-t ext3 -b 1024")]
    [InlineData("-t ext2 -b 2048")]
    public async Task Map_AfterTheKernelWroteFiles_IsThatOfDumpe2fs_AndNothingUnusedIsNeeded(string options)
    {
        await ExtImage.CreateAsync(_folder["a"], 100 << 20, options.Split(' '));
        await using (var mount = await LoopMount.MountAsync(_folder["a"], "ext4"))
        {
            FileTree.Write(mount.Folder, 14 << 20, 3);
        }

        await CheckAsync();
    }

    [Theory]
    [InlineData("-t ext4 -b 1024", 30, 90)]
    [InlineData("-t ext4 -b 1024 -O ^flex_bg,^resize_inode,meta_bg", 30, 80)]
    [InlineData("-t ext4 -b 4096 -g 1024 -E resize=500M", 80, 40)]
    [InlineData("-t ext2 -b 1024", 20, 60)]
    public async Task Map_AfterResizing_IsThatOfDumpe2fs_AndNothingUnusedIsNeeded(string options, int before, int after)
    {
        await ExtImage.CreateAsync(_folder["a"], before << 20, options.Split(' '));
        await ExtImage.FillAsync(_folder["a"], _folder.Path, 6 << 20);
        await Tool.RunAsync("truncate", "-s", $"{Math.Max(before, after)}M", _folder["a"]);
        await Tool.TryRunAsync("e2fsck", "-fy", _folder["a"]);
        await Tool.RunAsync("resize2fs", _folder["a"], $"{after}M");
        await CheckAsync();
    }

    [Fact]
    public async Task Map_WhileMounted_SaysThatItIsDirty()
    {
        await ExtImage.CreateAsync(_folder["a"], 30 << 20, "-t", "ext4");
        await using (var mount = await LoopMount.MountAsync(_folder["a"], "ext4"))
        {
            FileTree.Write(mount.Folder, 2 << 20, 3);
            await Tool.RunAsync("sync", "-f", mount.Folder);
            await Tool.RunAsync("cp", "--sparse=always", _folder["a"], _folder["b"]);
        }

        await Maps.RefusesAsync(_folder["b"], VolumeFindings.Dirty);
        await Maps.ReadOneAsync(_folder["a"]);
    }

    [Fact]
    public async Task Map_WithoutJournalWhileMounted_SaysThatItIsDirty()
    {
        await ExtImage.CreateAsync(_folder["a"], 30 << 20, "-t", "ext2");
        await using (var mount = await LoopMount.MountAsync(_folder["a"], "ext4"))
        {
            await Tool.RunAsync("sync", "-f", mount.Folder);
            await Tool.RunAsync("cp", "--sparse=always", _folder["a"], _folder["b"]);
        }

        await Maps.RefusesAsync(_folder["b"], VolumeFindings.Dirty);
    }

    /// <summary>Freezing empties the journal: a snapshot of that moment is whole, and read as such.</summary>
    [Fact]
    public async Task Map_Frozen_IsThatOfDumpe2fs_AndNothingUnusedIsNeeded()
    {
        await ExtImage.CreateAsync(_folder["x"], 30 << 20, "-t", "ext4");
        await using (var mount = await LoopMount.MountAsync(_folder["x"], "ext4"))
        {
            FileTree.Write(mount.Folder, 5 << 20, 3);
            await Tool.RunAsync("fsfreeze", "-f", mount.Folder);
            await Tool.RunAsync("cp", "--sparse=always", _folder["x"], _folder["a"]);
            await Tool.RunAsync("fsfreeze", "-u", mount.Folder);
        }

        await CheckAsync();
    }

    [Theory]
    [InlineData("-t ext4", "set_super_value state 0", VolumeFindings.Dirty)]
    [InlineData("-t ext4", "set_super_value state 3", VolumeFindings.Dirty)]
    [InlineData("-t ext4", "feature needs_recovery", VolumeFindings.Dirty)]
    [InlineData("-t ext4", "feature FEATURE_C17", VolumeFindings.Unsupported)]
    [InlineData("-t ext4", "feature FEATURE_R22", VolumeFindings.Unsupported)]
    [InlineData("-t ext4", "feature FEATURE_I26", VolumeFindings.Unsupported)]
    [InlineData("-t ext4", "set_super_value blocks_count 9999999", VolumeFindings.Inconsistent)]
    [InlineData("-t ext4", "set_super_value blocks_per_group 8", VolumeFindings.Inconsistent)]
    [InlineData("-t ext4", "set_super_value inodes_per_group 8", VolumeFindings.Inconsistent)]
    [InlineData("-t ext4", "set_super_value log_block_size 22", VolumeFindings.Inconsistent)]
    [InlineData("-t ext4", "set_super_value desc_size 48", VolumeFindings.Inconsistent)]
    [InlineData("-t ext4 -b 1024", "set_bg 1 block_bitmap 5", VolumeFindings.Inconsistent)]
    [InlineData("-t ext4 -b 1024", "set_bg 1 block_bitmap 5;set_bg 1 checksum calc", VolumeFindings.Inconsistent)]
    [InlineData("-t ext4 -b 1024", "set_bg 1 block_bitmap 99999999;set_bg 1 checksum calc", VolumeFindings.Inconsistent)]
    [InlineData("-t ext4 -b 1024", "set_bg 1 inode_table 0;set_bg 1 checksum calc", VolumeFindings.Inconsistent)]
    [InlineData("-t ext4 -b 1024", "set_bg 1 free_blocks_count 3;set_bg 1 checksum calc", VolumeFindings.Inconsistent)]
    [InlineData("-t ext4 -b 1024", "set_bg 0 flags 7;set_bg 0 checksum calc", VolumeFindings.Inconsistent)]
    [InlineData("-t ext4 -b 1024 -O ^metadata_csum", "set_bg 0 block_bitmap 900;set_bg 0 checksum calc", VolumeFindings.Inconsistent)]
    [InlineData("-t ext2 -b 1024", "set_bg 0 block_bitmap 5000", VolumeFindings.Inconsistent)]
    [InlineData("-t ext2 -b 1024", "freeb 1", VolumeFindings.Inconsistent)]
    [InlineData("-t ext4 -b 1024 -O mmp", "set_super_value mmp_block 99999999", VolumeFindings.Inconsistent)]
    public async Task Map_OfChangedStructures_SaysWhy(string options, string commands, string code)
    {
        await ExtImage.CreateAsync(_folder["a"], 30 << 20, options.Split(' '));
        await Maps.ReadOneAsync(_folder["a"]);
        await File.WriteAllLinesAsync(_folder["commands"], commands.Split(';'), TestContext.Current.CancellationToken);
        await Tool.RunAsync("debugfs", "-w", "-f", _folder["commands"], _folder["a"]);
        await Maps.RefusesAsync(_folder["a"], code);
    }

    [Theory]
    [InlineData(1024 + 88)]
    [InlineData(1024 + 1020)]
    public async Task Map_OfASuperblockWithAWrongChecksum_SaysSo(int offset)
    {
        await ExtImage.CreateAsync(_folder["a"], 10 << 20, "-t", "ext4");
        await using (var file = File.Open(_folder["a"], FileMode.Open))
        {
            file.Position = offset;
            file.WriteByte(0x77);
        }

        await Maps.RefusesAsync(_folder["a"], VolumeFindings.Inconsistent);
    }

    [Theory]
    [InlineData("-O metadata_csum", @"Block bitmap at (\d+)", 1000, VolumeFindings.Inconsistent)]
    [InlineData("-O mmp", @"MMP block number:\s+(\d+)", 7, VolumeFindings.Dirty)]
    public async Task Map_OfAChangedByteInABlock_SaysWhy(string options, string place, int offset, string code)
    {
        await ExtImage.CreateAsync(_folder["a"], 30 << 20, ["-t", "ext4", "-b", "1024", .. options.Split(' ')]);
        var output = await Tool.RunAsync("dumpe2fs", _folder["a"]);
        await using (var file = File.Open(_folder["a"], FileMode.Open))
        {
            file.Position = (long.Parse(Regex.Match(output, place).Groups[1].Value, CultureInfo.InvariantCulture) * 1024) + offset;
            file.WriteByte(0x10);
        }

        await Maps.RefusesAsync(_folder["a"], code);
    }

    [Fact]
    public async Task Map_OfAJournalDevice_IsNotMade()
    {
        await ExtImage.CreateAsync(_folder["a"], 10 << 20, "-b", "4096", "-O", "journal_dev");
        await Maps.RefusesAsync(_folder["a"], VolumeFindings.Unsupported);
    }

    private async Task CheckAsync()
    {
        await Tool.RunAsync("e2fsck", "-fn", _folder["a"]);
        var before = await ExtImage.HashFilesAsync(_folder["a"], _folder.Path);
        Assert.NotEmpty(before);
        var (map, _) = await Maps.ReadOneAsync(_folder["a"]);
        Assert.Equal(await ExtImage.FreeAsync(_folder["a"]), map.Unused);
        await Maps.SpoilAsync(_folder["a"], _folder["b"], map.Unused);
        await Tool.RunAsync("e2fsck", "-fn", _folder["b"]);
        Assert.Equal(before, await ExtImage.HashFilesAsync(_folder["b"], _folder.Path));
    }
}
