using System.Globalization;
using Ferry.DiskImages.Tests.Support;
using Ferry.DiskImages.Tests.Volumes.Support;

namespace Ferry.DiskImages.Tests.Volumes.Xfs;

/// <summary>XFS in an image, made and examined by xfsprogs.</summary>
internal static class XfsImage
{
    public static async Task CreateAsync(string path, long size, params string[] options)
    {
        Tool.Require("mkfs.xfs");
        await using (var file = File.Create(path))
        {
            file.SetLength(size);
        }

        // mkfs.xfs makes file systems below 300 MiB for the tests of XFS alone, which it knows by these variables.
        await Tool.RunAsync("env", ["TEST_DIR=x", "TEST_DEV=x", "QA_CHECK_FS=1", "mkfs.xfs", "-q", "-f", .. options, path]);
    }

    /// <summary>Fills the file system by way of the kernel.</summary>
    public static async Task FillAsync(string path, long bytes)
    {
        await using var mount = await LoopMount.MountAsync(path, "xfs");
        FileTree.Write(mount.Folder, bytes, 11);
    }

    /// <summary>Hashes all files by way of the kernel.</summary>
    public static async Task<SortedDictionary<string, string>> HashFilesAsync(string path)
    {
        await using var mount = await LoopMount.MountAsync(path, "xfs", "ro,nouuid");
        return await Maps.HashAsync(mount.Folder);
    }

    /// <summary>The free blocks as xfs_db lists them from the free space trees, joined, in bytes. It does not count the free lists.</summary>
    public static async Task<List<DiskRange>> FreeAsync(string path, long blockSize, long groupBlocks)
    {
        var free = new List<DiskRange>();
        var lines = await Tool.RunAsync("xfs_db", "-r", "-c", "freesp -d", path);
        foreach (var line in lines.Split('\n'))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 3 && words.All(word => long.TryParse(word, out _)))
            {
                var numbers = words.Select(word => long.Parse(word, CultureInfo.InvariantCulture)).ToArray();
                free.Add(new DiskRange(((numbers[0] * groupBlocks) + numbers[1]) * blockSize, numbers[2] * blockSize));
            }
        }

        free.Sort((left, right) => left.Offset.CompareTo(right.Offset));
        var joined = new List<DiskRange>();
        foreach (var range in free)
        {
            if (joined.Count > 0 && joined[^1].End == range.Offset)
            {
                joined[^1] = new DiskRange(joined[^1].Offset, range.End - joined[^1].Offset);
            }
            else
            {
                joined.Add(range);
            }
        }

        return joined;
    }
}
