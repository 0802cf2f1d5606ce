using System.Security.Cryptography;
using Ferry.DiskImages.FileSystems;
using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Volumes.Support;

/// <summary>Reads maps of raw images, and overwrites what they say to be unused.</summary>
internal static class Maps
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<UsedBlockMap> ReadAsync(string path, long minimumLength = 1)
    {
        await using var disk = await Images.OpenAsync(path, DiskImageFormat.Raw);
        var map = await UsedBlockMap.ReadAsync(disk, new UsedBlockMapOptions { MinimumLength = minimumLength }, Token);
        Check(map, disk.Capacity);
        return map;
    }

    /// <summary>Ascending, disjoint, joined, within the disk and within volumes that are mapped.</summary>
    public static void Check(UsedBlockMap map, long capacity)
    {
        var last = -1L;
        foreach (var range in map.Unused)
        {
            Assert.True(range.Length > 0 && range.Offset > last && range.End <= capacity, $"{range} behind {last} on a disk of {capacity}");
            last = range.End;
        }
    }

    /// <summary>The map of an image that has to be understood, and the one volume in it.</summary>
    public static async Task<(UsedBlockMap Map, DiskVolume Volume)> ReadOneAsync(string path)
    {
        var map = await ReadAsync(path);
        Assert.Empty(map.Findings);
        var volume = Assert.Single(map.Volumes);
        Assert.True(volume.IsMapped);
        return (map, volume);
    }

    /// <summary>An image that is not understood for that reason has no unused byte.</summary>
    public static async Task<VolumeFinding> RefusesAsync(string path, string code)
    {
        var map = await ReadAsync(path);
        Assert.Empty(map.Unused);
        return Assert.Single(map.Findings, finding => finding.Code == code);
    }

    /// <summary>Copies an image sparsely and writes garbage over every unused range of the copy.</summary>
    public static async Task SpoilAsync(string source, string target, IEnumerable<DiskRange> unused)
    {
        await Tool.RunAsync("cp", "--sparse=always", source, target);
        var garbage = new byte[1 << 20];
        garbage.AsSpan().Fill(0xa5);
        await using var file = File.OpenWrite(target);
        foreach (var range in unused)
        {
            for (var offset = range.Offset; offset < range.End;)
            {
                var part = (int)Math.Min(garbage.Length, range.End - offset);
                await RandomAccess.WriteAsync(file.SafeFileHandle, garbage.AsMemory(0, part), offset, Token);
                offset += part;
            }
        }
    }

    /// <summary>The digests of all files below a folder, by their paths.</summary>
    public static async Task<SortedDictionary<string, string>> HashAsync(string folder)
    {
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }))
        {
            await using var file = File.OpenRead(path);
            hashes[Path.GetRelativePath(folder, path)] = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, Token));
        }

        return hashes;
    }
}
