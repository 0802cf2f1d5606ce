using System.Buffers.Binary;
using Ferry.DiskImages.Tests.Support;
using Ferry.DiskImages.Tests.Volumes.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Volumes.Ntfs;

/// <summary>NTFS in an image, made and examined by the programs of ntfs-3g.</summary>
internal static class NtfsImage
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task CreateAsync(string path, long size, params string[] options)
    {
        Tool.Require("mkfs.ntfs");
        await using (var file = File.Create(path))
        {
            file.SetLength(size);
        }

        await Tool.RunAsync("mkfs.ntfs", ["-F", "-Q", "-q", .. options, path]);
    }

    /// <summary>Fills the file system by way of ntfs-3g.</summary>
    public static async Task FillAsync(string path, long bytes)
    {
        await using var mount = await LoopMount.MountAsync(path, "ntfs");
        FileTree.Write(mount.Folder, bytes, 5);
    }

    /// <summary>Hashes all files by way of ntfs-3g.</summary>
    public static async Task<SortedDictionary<string, string>> HashFilesAsync(string path)
    {
        await using var mount = await LoopMount.MountAsync(path, "ntfs", "ro");
        return await Maps.HashAsync(mount.Folder);
    }

    /// <summary>ntfsresize goes through all files and compares their clusters with the bitmap; ntfsfix looks at the rest.</summary>
    public static async Task RequireSoundAsync(string path)
    {
        await Tool.RunAsync("ntfsresize", "--info", "--force", "--no-progress-bar", path);
        await Tool.RunAsync("ntfsfix", "-n", path);
    }

    /// <summary>The free clusters by $Bitmap as ntfscat gives it, joined, in bytes.</summary>
    public static async Task<List<DiskRange>> FreeAsync(string path, string folder)
    {
        var boot = new byte[512];
        await using (var file = File.OpenRead(path))
        {
            await file.ReadExactlyAsync(boot, Token);
        }

        var clusterSectors = boot[13] <= 128 ? boot[13] : 1 << (256 - boot[13]);
        var cluster = (long)clusterSectors * BinaryPrimitives.ReadUInt16LittleEndian(boot.AsSpan(11));
        var clusters = BinaryPrimitives.ReadInt64LittleEndian(boot.AsSpan(40)) / clusterSectors;
        var bitmapPath = Path.Combine(folder, "bitmap");
        await Tool.RunAsync("sh", "-c", $"ntfscat -i 6 '{path}' > '{bitmapPath}'");
        var bitmap = await File.ReadAllBytesAsync(bitmapPath, Token);
        var free = new List<DiskRange>();
        for (var i = 0L; i < clusters; i++)
        {
            if ((bitmap[i / 8] & (1 << (int)(i % 8))) != 0)
            {
                continue;
            }

            if (free.Count > 0 && free[^1].End == i * cluster)
            {
                free[^1] = new DiskRange(free[^1].Offset, free[^1].Length + cluster);
            }
            else
            {
                free.Add(new DiskRange(i * cluster, cluster));
            }
        }

        return free;
    }
}
