using System.Buffers.Binary;
using Ferry.DiskImages.Checksums;
using Ferry.DiskImages.Tests.Support;
using Ferry.DiskImages.Tests.Volumes.Ext;
using Ferry.DiskImages.Tests.Volumes.Lvm;
using Ferry.DiskImages.Tests.Volumes.Ntfs;
using Ferry.DiskImages.Tests.Volumes.Xfs;
using Xunit;

namespace Ferry.DiskImages.Tests.Fuzzing;

/// <summary>The disks that are damaged, by name: every partition table, volume manager and file system that is read.</summary>
internal static class VolumeSeeds
{
    private const long Mebi = 1 << 20;
    private const int Sector = 512;

    private static readonly Dictionary<string, string> OfOthers = new()
    {
        ["log2timeline-dfvfs/lvmtest.qcow2.gz"] = "qcow2",
        ["log2timeline-dfvfs/windows_volume.qcow2.gz"] = "qcow2",
        ["fox-it-dissect.hypervisor/vhd/fixed.vhd.gz"] = "vpc",
    };

    private static readonly Dictionary<string, Func<string, Task>> FileSystems = new()
    {
        ["ext2 without checksums"] = path => ExtImage.CreateAsync(path, 5 * Mebi, "-t", "ext2", "-b", "1024", "-g", "1024"),
        ["ext4 with checksums of descriptors"] = path => ExtImage.CreateAsync(path, 5 * Mebi, "-t", "ext4", "-b", "1024", "-g", "1024", "-O", "^metadata_csum,uninit_bg"),
        ["ext4 with checksums of everything"] = path => ExtImage.CreateAsync(path, 5 * Mebi, "-t", "ext4", "-b", "1024", "-O", "metadata_csum,64bit"),
        ["ext4 with meta_bg"] = path => ExtImage.CreateAsync(path, 8 * Mebi, "-t", "ext4", "-b", "1024", "-g", "256", "-O", "^metadata_csum,^uninit_bg,64bit,meta_bg,^resize_inode"),
        ["ext4 with bigalloc"] = path => ExtImage.CreateAsync(path, 8 * Mebi, "-t", "ext4", "-b", "1024", "-O", "^metadata_csum,bigalloc", "-C", "4096", "-g", "2048"),
        ["ext4 with sparse_super2"] = path => ExtImage.CreateAsync(path, 8 * Mebi, "-t", "ext4", "-b", "1024", "-O", "^metadata_csum,sparse_super2,^resize_inode"),
        ["xfs 4"] = path => XfsImage.CreateAsync(path, 20 * Mebi, "-m", "crc=0"),
        ["xfs 5"] = path => XfsImage.CreateAsync(path, 20 * Mebi),
        ["ntfs"] = path => NtfsImage.CreateAsync(path, 4 * Mebi, "-c", "512"),
        ["fat12"] = path => CreateFatAsync(path, "12", 1440),
        ["fat16"] = path => CreateFatAsync(path, "16", 9000),
        ["fat32"] = path => CreateFatAsync(path, "32", 34000),
    };

    /// <summary>The names of all.</summary>
    public static TheoryData<string> Names() => [.. FileSystems.Keys, "mbr", "gpt", "gpt with right checksums", "lvm with right checksums", .. OfOthers.Keys];

    /// <summary>Makes a file system in an image.</summary>
    public static Task CreateAsync(string name, string path) => FileSystems[name](path);

    /// <summary>Makes one; skips the test where a program or sample is not there.</summary>
    public static async Task<FuzzVolume> MakeAsync(string name, TestFolder folder)
    {
        var path = folder["a"];
        if (OfOthers.TryGetValue(name, out var format))
        {
            Tool.Require("qemu-img");
            await Tool.RunAsync("qemu-img", "convert", "-f", format, "-O", "raw", await Samples.UnpackAsync(name, folder.Path), path);
            return await FuzzVolume.LoadAsync(path);
        }

        if (FileSystems.ContainsKey(name))
        {
            await CreateAsync(name, path);
            return await FuzzVolume.LoadAsync(path);
        }

        await ExtImage.CreateAsync(folder["b"], 2 * Mebi, "-t", "ext2");
        if (name.StartsWith("lvm", StringComparison.Ordinal))
        {
            var bytes = HandmadeLvm.Build(await File.ReadAllBytesAsync(folder["b"], TestContext.Current.CancellationToken));
            return new FuzzVolume(bytes, bytes.Length) { Hot = [(512, 200), (HandmadeLvm.AreaOffset, 80), (HandmadeLvm.TextOffset, 800)], Mend = HandmadeLvm.Mend };
        }

        await PartitionAsync(folder, name == "mbr" ? "label: dos\n\n2048,1M,83\n6144,7M,5\n,1M,83\n,2M,83\n,1M,82\n" : "label: gpt\n\n2048,1M\n6144,2M\n,1M\n");
        var disk = await FuzzVolume.LoadAsync(path);
        return name switch
        {
            "mbr" => disk with { Hot = [(440, 72), (6144 * Sector + 440, 72)] },
            "gpt" => disk,
            _ => disk with { Hot = [(Sector, 92), (2 * Sector, 300), (440, 72)], Mend = MendGpt },
        };
    }

    /// <summary>Sets the checksums of both copies of a GPT, whatever they say of themselves.</summary>
    private static void MendGpt(byte[] bytes)
    {
        foreach (var at in new[] { Sector, (bytes.Length - 1) / Sector * Sector })
        {
            if (at + Sector > bytes.Length)
            {
                continue;
            }

            var header = bytes.AsSpan(at, Sector);
            var entries = BinaryPrimitives.ReadUInt64LittleEndian(header[72..]) * Sector;
            var size = (ulong)BinaryPrimitives.ReadUInt32LittleEndian(header[80..]) * BinaryPrimitives.ReadUInt32LittleEndian(header[84..]);
            if (entries < (ulong)bytes.Length && size <= (ulong)bytes.Length - entries)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(header[88..], ~Crc32.Append(uint.MaxValue, bytes.AsSpan((int)entries, (int)size)));
            }

            if (BinaryPrimitives.ReadUInt32LittleEndian(header[12..]) is >= 92 and <= Sector and var length)
            {
                header.Slice(16, 4).Clear();
                BinaryPrimitives.WriteUInt32LittleEndian(header[16..], ~Crc32.Append(uint.MaxValue, header[..(int)length]));
            }
        }
    }

    private static Task<string> CreateFatAsync(string path, string kind, int kibibytes)
    {
        Tool.Require("mkfs.fat");
        return Tool.RunAsync("mkfs.fat", "-C", "-F", kind, "-s", "1", path, $"{kibibytes}");
    }

    private static async Task PartitionAsync(TestFolder folder, string script)
    {
        Tool.Require("sfdisk");
        await Tool.RunAsync("truncate", "-s", "12M", folder["a"]);
        await File.WriteAllTextAsync(folder["script"], script, TestContext.Current.CancellationToken);
        await Tool.RunAsync("sh", "-c", $"sfdisk -q '{folder["a"]}' < '{folder["script"]}' && dd if='{folder["b"]}' of='{folder["a"]}' bs=512 seek=6144 conv=notrunc status=none");
    }
}
