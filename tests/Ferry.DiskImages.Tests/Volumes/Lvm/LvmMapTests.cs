using Ferry.DiskImages.FileSystems;
using Ferry.DiskImages.Tests.Support;
using Ferry.DiskImages.Tests.Volumes.Ext;
using Ferry.DiskImages.Tests.Volumes.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Volumes.Lvm;

/// <summary>Volume groups of lvm2 over a partition of one disk and the whole of another.</summary>
public sealed class LvmMapTests : IDisposable
{
    private const long Mebi = 1 << 20;
    private const long Size = 48 * Mebi;
    private const long PartitionOffset = 5 * Mebi;

    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Maps_OfAVolumeGroupOverTwoDisks_AreThoseOfItsFileSystems()
    {
        await using var disks = await CreateAsync();
        await disks.CreateVolumeAsync("group", "root", "20M");
        await disks.CreateVolumeAsync("group", "other", "9M", disks.Devices[1]);
        await disks.CreateVolumeAsync("group", "empty", "3M");
        await disks.RunAsync("lvextend", "-y", "-L", "41M", "group/root");
        var ranges = await disks.ListAsync("group/root");
        Assert.True(ranges.Select(range => range.Device).Distinct().Count() == 2 && ranges.Count >= 2);
        Assert.Equal(41, ranges.Sum(range => range.Count));
        await ExtImage.CreateAsync(_folder["root"], 41 * Mebi, "-t", "ext4", "-b", "1024");
        await ExtImage.FillAsync(_folder["root"], _folder.Path, 6 << 20);
        var before = await ExtImage.HashFilesAsync(_folder["root"], _folder.Path);
        await CopyAsync(_folder["root"], ranges, await disks.FirstExtentAsync(), toDisks: true);

        var maps = await ReadAsync();

        var root = maps.SelectMany(map => map.Volumes).Single(volume => volume.Name == "group/root");
        Assert.Equal(("ext4", VolumeKind.LogicalVolume, true), (root.Content, root.Kind, root.IsMapped));
        Assert.Equal((await ExtImage.FreeAsync(_folder["root"])).Sum(range => range.Length), root.UnusedBytes);
        Assert.Equal(root.UnusedBytes, maps.Sum(map => map.UnusedBytes));
        Assert.Equal(
            [(VolumeFindings.Unknown, "group/empty"), (VolumeFindings.Unknown, "group/other")],
            maps.SelectMany(map => map.Findings).Select(finding => (finding.Code, finding.Volume)).Order());

        await Maps.SpoilAsync(_folder["0"], _folder["0s"], maps[0].Unused);
        await Maps.SpoilAsync(_folder["1"], _folder["1s"], maps[1].Unused);
        await CopyAsync(_folder["spoilt"], ranges, await disks.FirstExtentAsync(), toDisks: false, suffix: "s");
        await Tool.RunAsync("e2fsck", "-fn", _folder["spoilt"]);
        Assert.Equal(before, await ExtImage.HashFilesAsync(_folder["spoilt"], _folder.Path));
    }

    /// <summary>Small metadata areas: the texts go around the ring several times.</summary>
    [Fact]
    public async Task Maps_AfterManyChanges_ComeFromTheNewestText()
    {
        await using var disks = await CreateAsync("--metadatasize", "8k");
        for (var i = 0; i < 9; i++)
        {
            await disks.CreateVolumeAsync("group", $"volume{i % 3}", $"{i + 2}M");
            var maps = await ReadAsync();
            var volume = maps.SelectMany(map => map.Volumes).Single(volume => volume.Name == $"group/volume{i % 3}");
            Assert.Equal((i + 2) * Mebi, volume.Length);
            Assert.Equal((await disks.ListAsync(volume.Name))[0].First, (volume.Offset - await StartAsync(disks, volume)) / Mebi);
            if (i >= 2)
            {
                await disks.RunAsync("lvremove", "-y", "-f", $"group/volume{(i + 1) % 3}");
            }
        }
    }

    [Fact]
    public async Task Maps_WithAStripedVolume_CountTheGroupAsUsed()
    {
        await using var disks = await CreateAsync();
        await disks.CreateVolumeAsync("group", "plain", "8M", disks.Devices[0]);
        await disks.CreateVolumeAsync("group", "striped", "8M", "-i", "2");
        await PlaceAsync(disks, "group/plain", 8);
        await RefusesAsync(await ReadAsync(), VolumeFindings.LvmUnsupported);
    }

    [Fact]
    public async Task Maps_WithoutOneOfTheDisks_CountTheGroupAsUsed()
    {
        await using var disks = await CreateAsync();
        await disks.CreateVolumeAsync("group", "plain", "8M", disks.Devices[0]);
        await PlaceAsync(disks, "group/plain", 8);
        Assert.NotEmpty((await ReadAsync())[0].Unused);
        var alone = await Maps.ReadAsync(_folder["0"]);
        await RefusesAsync([alone], VolumeFindings.LvmIncomplete);
    }

    [Theory]
    [InlineData("LABELONE", 16)]
    [InlineData(" LVM2 x[5A%r0N*>", 0)]
    [InlineData("extent_size = ", 20)]
    public async Task Maps_WithDamagedMetadata_CountTheGroupAsUsed(string text, int offset)
    {
        await using var disks = await CreateAsync();
        await disks.CreateVolumeAsync("group", "plain", "8M", disks.Devices[0]);
        await PlaceAsync(disks, "group/plain", 8);
        Assert.NotEmpty((await ReadAsync())[0].Unused);
        var image = await File.ReadAllBytesAsync(_folder["1"], Token);
        // The last one is the newest.
        image[image.AsSpan().LastIndexOf(System.Text.Encoding.ASCII.GetBytes(text)) + offset] ^= 1;
        await File.WriteAllBytesAsync(_folder["1"], image, Token);
        await RefusesAsync(await ReadAsync(), VolumeFindings.LvmInconsistent);
    }

    /// <summary>The same disk twice, as after a careless copy: nothing says which one counts.</summary>
    [Fact]
    public async Task Maps_WithAPhysicalVolumeTwice_CountTheGroupAsUsed()
    {
        await using var disks = await CreateAsync();
        await disks.CreateVolumeAsync("group", "plain", "8M", disks.Devices[0]);
        await PlaceAsync(disks, "group/plain", 8);
        await using var first = await Images.OpenAsync(_folder["0"], DiskImageFormat.Raw);
        await using var second = await Images.OpenAsync(_folder["1"], DiskImageFormat.Raw);
        await RefusesAsync(await UsedBlockMap.ReadAllAsync([first, second, first], null, Token), VolumeFindings.LvmInconsistent);
    }

    [Fact]
    public async Task Maps_OfAPhysicalVolumeInNoGroup_CountItAsUsed()
    {
        await using (var disks = await CreateAsync())
        {
            await disks.RunAsync("vgremove", "-y", "group");
        }

        var maps = await ReadAsync();
        await RefusesAsync(maps, VolumeFindings.LvmIncomplete);
    }

    private static Task RefusesAsync(IReadOnlyList<UsedBlockMap> maps, string code)
    {
        Assert.All(maps, map => Assert.Empty(map.Unused));
        Assert.Contains(maps.SelectMany(map => map.Findings), finding => finding.Code == code);
        return Task.CompletedTask;
    }

    private static async Task<long> StartAsync(LvmDisks disks, DiskVolume volume)
    {
        var device = (await disks.ListAsync(volume.Name))[0].Device;
        return (device == 0 ? PartitionOffset : 0) + await disks.FirstExtentAsync();
    }

    private async Task<LvmDisks> CreateAsync(params string[] options)
    {
        foreach (var name in new[] { "0", "1" })
        {
            await using var file = File.Create(_folder[name]);
            file.SetLength(Size);
        }

        Tool.Require("sfdisk");
        await Tool.RunAsync("sh", "-c", $"echo '{PartitionOffset / 512},,8e' | sfdisk -q '{_folder["0"]}'");
        var disks = await LvmDisks.AttachAsync((_folder["0"], PartitionOffset, Size - PartitionOffset), (_folder["1"], 0, Size));
        await disks.RunAsync("pvcreate", ["-q", .. options, .. disks.Devices]);
        await disks.RunAsync("vgcreate", ["-q", "-s", "1M", "group", .. disks.Devices]);
        return disks;
    }

    /// <summary>Makes an empty ext4 in a logical volume.</summary>
    private async Task PlaceAsync(LvmDisks disks, string volume, int megabytes)
    {
        await ExtImage.CreateAsync(_folder["fs"], megabytes * Mebi, "-t", "ext4", "-b", "1024");
        await CopyAsync(_folder["fs"], await disks.ListAsync(volume), await disks.FirstExtentAsync(), toDisks: true);
    }

    private async Task CopyAsync(string volume, List<(int Device, long First, long Count)> ranges, long start, bool toDisks, string suffix = "")
    {
        await using var file = File.Open(volume, FileMode.OpenOrCreate);
        var buffer = new byte[Mebi];
        foreach (var (device, first, count) in ranges)
        {
            await using var disk = File.Open(_folder[$"{device}{suffix}"], FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            disk.Position = (device == 0 ? PartitionOffset : 0) + start + (first * Mebi);
            for (var i = 0; i < count; i++)
            {
                await (toDisks ? file : disk).ReadExactlyAsync(buffer, Token);
                await (toDisks ? disk : file).WriteAsync(buffer, Token);
            }
        }
    }

    private async Task<IReadOnlyList<UsedBlockMap>> ReadAsync()
    {
        await using var first = await Images.OpenAsync(_folder["0"], DiskImageFormat.Raw);
        await using var second = await Images.OpenAsync(_folder["1"], DiskImageFormat.Raw);
        var maps = await UsedBlockMap.ReadAllAsync([first, second], null, Token);
        Assert.All(maps, map => Maps.Check(map, Size));
        return maps;
    }
}
