using Ferry.DiskImages.FileSystems;
using Ferry.DiskImages.Lvm;
using Ferry.DiskImages.Tests.Support;
using Ferry.DiskImages.Tests.Volumes.Ext;
using Ferry.DiskImages.Tests.Volumes.Ntfs;
using Ferry.DiskImages.Tests.Volumes.Support;
using Ferry.DiskImages.Tests.Volumes.Xfs;
using Xunit;

namespace Ferry.DiskImages.Tests.Volumes;

/// <summary>What is left of a sample when garbage stands wherever its map says that nothing does: every file that is known to be in it, and a sound file system.</summary>
public sealed class SampleFilesTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("log2timeline-dfvfs/ext2.qcow2.gz", "qcow2", "ext", "dfvfs__ext2.qcow2+vmdk")]
    [InlineData("LTRData-DiscUtils/data.ext4.dat.gz", "raw", "ext", "LTR__ext4.dat")]
    [InlineData("log2timeline-dfvfs/mbr.raw.gz", "raw", "ext", "dfvfs__mbr.raw.p5")]
    [InlineData("log2timeline-dfvfs/windows_volume.qcow2.gz", "qcow2", "ntfs", "dfvfs__windows_volume")]
    [InlineData("strozfriedberg-vmdk-rs/monolithicSparse.vmdk.gz", "vmdk", "ntfs", "strozfriedberg-vmdk-rs__10MiB-ntfs")]
    [InlineData("davidepianca98-hoho-os/floppy.img.gz", "raw", "fat", "hoho__floppy.img")]
    [InlineData("LTRData-DiscUtils/xfs5.vhdx.gz", "vhdx", "xfs", "LTR__xfs5")]
    public async Task Files_AreAllThere_WhenGarbageStandsInWhatIsUnused(string sample, string format, string kind, string facts)
    {
        var raw = await Samples.UnpackAsync(sample, _folder.Path);
        if (format != "raw")
        {
            Tool.Require("qemu-img");
            await Tool.RunAsync("qemu-img", "convert", "-f", format, "-O", "raw", raw, _folder["raw"]);
            raw = _folder["raw"];
        }

        var map = await Maps.ReadAsync(raw);
        var volume = Assert.Single(map.Volumes, volume => volume.IsMapped);
        await TakeAsync(raw, volume, map.Unused);

        Assert.Equal(ReadFacts(facts), await HashAsync(_folder["volume"], kind));
    }

    [Theory]
    [InlineData("log2timeline-dfvfs/lvm.qcow2.gz", "test_volume_group/test_logical_volume", "dfvfs__lvm.test_logical_volume")]
    [InlineData("log2timeline-dfvfs/lvmtest.qcow2.gz", "vg_test/lv_test1", "dfvfs__lvmtest.lv_test1")]
    [InlineData("log2timeline-dfvfs/lvmtest.qcow2.gz", "vg_test/lv_test2", "dfvfs__lvmtest.lv_test2")]
    public async Task FilesOfLogicalVolumes_AreAllThere_WhenGarbageStandsInWhatIsUnused(string sample, string name, string facts)
    {
        Tool.Require("qemu-img");
        await Tool.RunAsync("qemu-img", "convert", "-f", "qcow2", "-O", "raw", await Samples.UnpackAsync(sample, _folder.Path), _folder["raw"]);
        await Maps.SpoilAsync(_folder["raw"], _folder["spoilt"], (await Maps.ReadAsync(_folder["raw"])).Unused);
        await using (var disk = await Images.OpenAsync(_folder["spoilt"], DiskImageFormat.Raw))
        {
            var group = new VolumeGroupAssembly();
            await group.AddAsync(new PhysicalVolume(0, 0, "disk", new DiskRangeSource(disk, 0, disk.Capacity)), Token);
            var volume = group.Assemble().Single(volume => volume.Name == name);
            var content = new byte[volume.Length];
            await volume.ReadAsync(0, content, Token);
            await File.WriteAllBytesAsync(_folder["volume"], content, Token);
        }

        Assert.Equal(ReadFacts(facts), await HashAsync(_folder["volume"], "ext"));
    }

    /// <summary>Copies a volume: garbage in what is unused of a small one; of a large one nothing is copied that is unused, as a conversion does.</summary>
    private async Task TakeAsync(string raw, DiskVolume volume, IReadOnlyList<DiskRange> unused)
    {
        var small = volume.Length <= 64 << 20;
        await using var disk = await Images.OpenAsync(raw, DiskImageFormat.Raw);
        await using var target = File.Create(_folder["volume"]);
        target.SetLength(volume.Length);
        var buffer = new byte[1 << 20];
        var next = 0;
        await foreach (var extent in disk.GetExtentsAsync(volume.Offset, volume.Length, Token))
        {
            for (var at = extent.Offset; extent.Kind == ExtentKind.Data && at < extent.End;)
            {
                while (next < unused.Count && unused[next].End <= at)
                {
                    next++;
                }

                var inside = next < unused.Count && unused[next].Offset <= at;
                var end = Math.Min(extent.End, next == unused.Count ? long.MaxValue : inside ? unused[next].End : unused[next].Offset);
                var part = buffer.AsMemory(0, (int)Math.Min(buffer.Length, end - at));
                if (!inside)
                {
                    await disk.ReadAsync(at, part, Token);
                    await RandomAccess.WriteAsync(target.SafeFileHandle, part, at - volume.Offset, Token);
                }

                at += part.Length;
            }
        }

        buffer.AsSpan().Fill(0xa5);
        foreach (var range in unused.Where(_ => small))
        {
            for (var at = range.Offset; at < range.End; at += buffer.Length)
            {
                await RandomAccess.WriteAsync(target.SafeFileHandle, buffer.AsMemory(0, (int)Math.Min(buffer.Length, range.End - at)), at - volume.Offset, Token);
            }
        }
    }

    private async Task<SortedDictionary<string, string>> HashAsync(string path, string kind)
    {
        switch (kind)
        {
            case "ext":
                await Tool.RunAsync("e2fsck", "-fn", path);
                return await ExtImage.HashFilesAsync(path, _folder.Path);
            case "xfs":
                await Tool.RunAsync("xfs_repair", "-n", path);
                return await XfsImage.HashFilesAsync(path);
            case "ntfs":
                await NtfsImage.RequireSoundAsync(path);
                return await NtfsImage.HashFilesAsync(path);
            default:
                Tool.Require("mcopy");
                // fsck.fat complains of the floppy as it is: of a long name that belongs to nothing.
                Directory.CreateDirectory(_folder["files"]);
                await Tool.RunAsync("mcopy", "-s", "-n", "-i", path, "::/*", _folder["files"]);
                return await Maps.HashAsync(_folder["files"]);
        }
    }

    private static SortedDictionary<string, string> ReadFacts(string name)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var fields in File.ReadLines(Path.Combine(Samples.Folder, "facts", $"{name}.files.tsv")).Select(line => line.Split('\t')))
        {
            if (fields[0] == "f")
            {
                files[fields[1]] = fields[3];
            }
        }

        return files;
    }
}
