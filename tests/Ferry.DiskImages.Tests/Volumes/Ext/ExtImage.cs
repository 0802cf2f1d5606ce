using System.Globalization;
using System.Text.RegularExpressions;
using Ferry.DiskImages.Tests.Support;
using Ferry.DiskImages.Tests.Volumes.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Volumes.Ext;

/// <summary>ext2, ext3, ext4 in an image, made and examined by e2fsprogs.</summary>
internal static partial class ExtImage
{
    public static async Task CreateAsync(string path, long size, params string[] options)
    {
        Tool.Require("mke2fs");
        await using (var file = File.Create(path))
        {
            file.SetLength(size);
        }

        await Tool.RunAsync("mke2fs", ["-q", "-F", .. options, path]);
    }

    /// <summary>Fills the file system by way of debugfs, which needs no rights: files, of which a third is removed again.</summary>
    public static async Task FillAsync(string path, string folder, long bytes)
    {
        var tree = Path.Combine(folder, "tree");
        Directory.CreateDirectory(tree);
        FileTree.Write(tree, bytes, 7);
        var commands = new List<string>();
        foreach (var sub in Directory.EnumerateDirectories(tree).Order(StringComparer.Ordinal))
        {
            commands.Add($"mkdir {Path.GetFileName(sub)}");
            commands.AddRange(Directory.EnumerateFiles(sub).Order(StringComparer.Ordinal).Select(file => $"write \"{file}\" \"{Path.GetRelativePath(tree, file)}\""));
        }

        var written = commands.Where(command => command.StartsWith("write", StringComparison.Ordinal)).ToList();
        commands.AddRange(written.Where((_, i) => i % 3 == 1).Select(command => $"rm {command[(command.LastIndexOf(" \"", StringComparison.Ordinal) + 1)..]}"));
        var script = Path.Combine(folder, "commands");
        await File.WriteAllLinesAsync(script, commands, TestContext.Current.CancellationToken);
        await Tool.RunAsync("debugfs", "-w", "-f", script, path);
        // debugfs keeps no quota.
        await Tool.TryRunAsync("e2fsck", "-fy", path);
    }

    /// <summary>Copies all files out and hashes them.</summary>
    public static async Task<SortedDictionary<string, string>> HashFilesAsync(string path, string folder)
    {
        var target = Path.Combine(folder, $"files-{Guid.NewGuid():N}");
        Directory.CreateDirectory(target);
        await Tool.RunAsync("debugfs", "-R", $"rdump / {target}", path);
        return await Maps.HashAsync(target);
    }

    /// <summary>The free blocks as dumpe2fs lists them, joined, in bytes.</summary>
    public static async Task<List<DiskRange>> FreeAsync(string path)
    {
        var output = await Tool.RunAsync("dumpe2fs", path);
        var blockSize = long.Parse(BlockSize().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
        var blocks = long.Parse(BlockCount().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
        // Of clusters dumpe2fs names the first block, also at the end of a range.
        var unit = ClusterSize().Match(output) is { Success: true } cluster ? long.Parse(cluster.Groups[1].Value, CultureInfo.InvariantCulture) / blockSize : 1;
        var free = new List<DiskRange>();
        foreach (var range in FreeBlocks().Matches(output).SelectMany(line => Range().Matches(line.Groups[1].Value)))
        {
            var first = long.Parse(range.Groups[1].Value, CultureInfo.InvariantCulture) * blockSize;
            var last = range.Groups[2].Success ? long.Parse(range.Groups[2].Value, CultureInfo.InvariantCulture) : first / blockSize;
            var end = Math.Min(last + unit, blocks) * blockSize;
            if (free.Count > 0 && free[^1].End == first)
            {
                free[^1] = new DiskRange(free[^1].Offset, end - free[^1].Offset);
            }
            else
            {
                free.Add(new DiskRange(first, end - first));
            }
        }

        return free;
    }

    [GeneratedRegex(@"Block size:\s+(\d+)")]
    private static partial Regex BlockSize();

    [GeneratedRegex(@"Block count:\s+(\d+)")]
    private static partial Regex BlockCount();

    [GeneratedRegex(@"Cluster size:\s+(\d+)")]
    private static partial Regex ClusterSize();

    [GeneratedRegex(@"^  Free blocks: (.*)$", RegexOptions.Multiline)]
    private static partial Regex FreeBlocks();

    [GeneratedRegex(@"(\d+)(?:-(\d+))?")]
    private static partial Regex Range();
}
