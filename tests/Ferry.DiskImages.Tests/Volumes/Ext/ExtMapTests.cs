using Ferry.DiskImages.Tests.Support;
using Ferry.DiskImages.Tests.Volumes.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Volumes.Ext;

/// <summary>File systems of mke2fs with every feature that decides where something is.</summary>
public sealed class ExtMapTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("ext2", "-t ext2 -b 1024")]
    [InlineData("ext2", "-t ext2 -b 2048")]
    [InlineData("ext2", "-t ext2 -b 4096 -g 1024")]
    [InlineData("ext2", "-t ext2 -r 0 -O none -b 1024")]
    [InlineData("ext2", "-t ext2 -b 1024 -O ^sparse_super,^resize_inode")]
    [InlineData("ext3", "-t ext3 -b 1024")]
    [InlineData("ext3", "-t ext3 -b 4096 -g 2048 -E resize=4G")]
    [InlineData("ext4", "-t ext4")]
    [InlineData("ext4", "-t ext4 -b 1024")]
    [InlineData("ext4", "-t ext4 -b 2048 -N 3000")]
    [InlineData("ext4", "-t ext4 -b 4096 -g 1024 -G 4")]
    [InlineData("ext4", "-t ext4 -b 1024 -O ^64bit,^metadata_csum,uninit_bg")]
    [InlineData("ext4", "-t ext4 -b 1024 -O 64bit,^metadata_csum,uninit_bg")]
    [InlineData("ext4", "-t ext4 -b 1024 -O ^64bit,metadata_csum")]
    [InlineData("ext4", "-t ext4 -b 1024 -O ^metadata_csum,^uninit_bg")]
    [InlineData("ext4", "-t ext4 -b 1024 -O ^flex_bg")]
    [InlineData("ext4", "-t ext4 -b 1024 -O ^flex_bg,meta_bg,^resize_inode")]
    [InlineData("ext4", "-t ext4 -b 1024 -g 256 -O meta_bg,^resize_inode")]
    [InlineData("ext4", "-t ext4 -b 4096 -g 256 -O meta_bg,^resize_inode,^64bit")]
    [InlineData("ext4", "-t ext4 -b 1024 -O sparse_super2,^resize_inode")]
    [InlineData("ext4", "-t ext4 -b 1024 -O sparse_super2,^resize_inode -E num_backup_sb=1")]
    [InlineData("ext4", "-t ext4 -b 1024 -O sparse_super2,^resize_inode -E num_backup_sb=0")]
    [InlineData("ext4", "-t ext4 -b 1024 -O bigalloc")]
    [InlineData("ext4", "-t ext4 -b 1024 -O bigalloc -C 4096 -g 8192")]
    [InlineData("ext4", "-t ext4 -b 4096 -O bigalloc -C 65536 -g 16384")]
    [InlineData("ext4", "-t ext4 -b 4096 -O bigalloc,^flex_bg -C 16384 -g 8192")]
    [InlineData("ext4", "-t ext4 -b 1024 -O ^has_journal,quota,project,inline_data,ea_inode,large_dir,casefold")]
    [InlineData("ext4", "-t ext4 -b 1024 -E packed_meta_blocks=1 -G 8")]
    [InlineData("ext4", "-t ext4 -b 1024 -m 0 -E lazy_itable_init=1,discard -I 256 -O metadata_csum_seed")]
    public async Task Map_IsThatOfDumpe2fs_AndNothingUnusedIsNeeded(string kind, string options)
    {
        await ExtImage.CreateAsync(_folder["a"], 37_000_192, options.Split(' '));
        await ExtImage.FillAsync(_folder["a"], _folder.Path, 6 << 20);
        await CheckAsync(kind);
    }

    private async Task CheckAsync(string kind)
    {
        await Tool.RunAsync("e2fsck", "-fn", _folder["a"]);
        var before = await ExtImage.HashFilesAsync(_folder["a"], _folder.Path);
        Assert.NotEmpty(before);

        var (map, volume) = await Maps.ReadOneAsync(_folder["a"]);

        Assert.Equal(kind, volume.Content);
        Assert.Equal(await ExtImage.FreeAsync(_folder["a"]), map.Unused);
        Assert.Equal(map.UnusedBytes, volume.UnusedBytes);
        await Maps.SpoilAsync(_folder["a"], _folder["b"], map.Unused);
        await Tool.RunAsync("e2fsck", "-fn", _folder["b"]);
        Assert.Equal(before, await ExtImage.HashFilesAsync(_folder["b"], _folder.Path));
    }
}
