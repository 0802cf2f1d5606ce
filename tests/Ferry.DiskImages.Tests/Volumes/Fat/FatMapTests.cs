using System.Globalization;
using System.Text.RegularExpressions;
using Ferry.DiskImages.FileSystems;
using Ferry.DiskImages.Tests.Support;
using Ferry.DiskImages.Tests.Volumes.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Volumes.Fat;

/// <summary>File systems of mkfs.fat, filled by mtools.</summary>
public sealed partial class FatMapTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("fat12", 1440, "-F 12")]
    [InlineData("fat12", 7000, "-F 12 -s 4 -f 1 -n LABEL")]
    [InlineData("fat16", 20_001, "-F 16")]
    [InlineData("fat16", 70_000, "-F 16 -s 8 -R 5 -r 1024")]
    [InlineData("fat16", 60_000, "-F 16 -S 2048")]
    [InlineData("fat32", 70_001, "-F 32")]
    [InlineData("fat32", 60_000, "-F 32 -s 1 -R 64")]
    [InlineData("fat32", 300_000, "-F 32 -S 4096 -s 1")]
    public async Task Map_IsThatOfFsck_AndNothingUnusedIsNeeded(string kind, int kibibytes, string options)
    {
        await CreateAsync(kibibytes, options);
        await FillAsync(Math.Min(8 << 20, kibibytes * 400));
        var before = await HashAsync(_folder["a"]);
        Assert.NotEmpty(before);
        var used = UsedClusters().Match(await Tool.RunAsync("fsck.fat", "-n", _folder["a"]));

        var (map, volume) = await Maps.ReadOneAsync(_folder["a"]);

        Assert.Equal(kind, volume.Content);
        Assert.Equal(options.Contains("-n LABEL", StringComparison.Ordinal) ? "LABEL" : "", volume.Label);
        var boot = await ReadAsync(0, 512);
        var clusterSize = boot[13] * (boot[11] | (boot[12] << 8));
        Assert.Equal(
            (long.Parse(used.Groups[2].Value, CultureInfo.InvariantCulture) - long.Parse(used.Groups[1].Value, CultureInfo.InvariantCulture)) * clusterSize, map.UnusedBytes);
        await Maps.SpoilAsync(_folder["a"], _folder["b"], map.Unused);
        await Tool.RunAsync("fsck.fat", "-n", _folder["b"]);
        Assert.Equal(before, await HashAsync(_folder["b"]));
    }

    [Theory]
    [InlineData(20_001, "-F 16", 515, 0x7f, VolumeFindings.Dirty)]
    [InlineData(20_001, "-F 16", 515, 0xbf, VolumeFindings.Dirty)]
    [InlineData(20_001, "-F 16", 37, 0x01, VolumeFindings.Dirty)]
    [InlineData(20_001, "-F 16", 512, 0xf0, VolumeFindings.Inconsistent)]
    [InlineData(20_001, "-F 16", 58, 0x32, VolumeFindings.Inconsistent)]
    [InlineData(20_001, "-F 16", 20, 0xff, VolumeFindings.Inconsistent)]
    [InlineData(70_001, "-F 32", 65, 0x01, VolumeFindings.Dirty)]
    [InlineData(70_001, "-F 32", 40, 0x80, VolumeFindings.Unsupported)]
    [InlineData(70_001, "-F 32", 44, 0x09, VolumeFindings.Inconsistent)]
    [InlineData(1440, "-F 12", 37, 0x01, VolumeFindings.Dirty)]
    public async Task Map_OfChangedBytes_SaysWhy(int kibibytes, string options, int offset, byte value, string code)
    {
        await CreateAsync(kibibytes, options);
        await Maps.ReadOneAsync(_folder["a"]);
        if (offset < 512)
        {
            await WriteAsync(offset, [value]);
        }
        else
        {
            // In both tables, so that nothing else is wrong.
            var boot = await ReadAsync(0, 512);
            await WriteAsync((boot[14] * 512) + offset - 512, [value]);
            await WriteAsync(((boot[14] + boot[22] + (boot[23] << 8)) * 512) + offset - 512, [value]);
        }

        await Maps.RefusesAsync(_folder["a"], code);
    }

    [Fact]
    public async Task Map_OfTablesThatDiffer_SaysSo()
    {
        await CreateAsync(20_001, "-F 16");
        var boot = await ReadAsync(0, 512);
        await WriteAsync(((boot[14] + ((boot[22] | (boot[23] << 8)) * 2)) * 512) - 1, [1]);
        await Maps.RefusesAsync(_folder["a"], VolumeFindings.Inconsistent);
    }

    /// <summary>A file whose clusters go on in a free one would lose what is there.</summary>
    [Theory]
    [InlineData(100)]
    [InlineData(1)]
    [InlineData(0xf000)]
    public async Task Map_OfAChainThatLeadsNowhere_SaysSo(int next)
    {
        await CreateAsync(20_001, "-F 16");
        var boot = await ReadAsync(0, 512);
        var table = (boot[14] | (boot[15] << 8)) * 512;
        foreach (var copy in new[] { table, table + ((boot[22] | (boot[23] << 8)) * 512) })
        {
            await WriteAsync(copy + (50 * 2), [(byte)next, (byte)(next >> 8)]);
        }

        await Maps.RefusesAsync(_folder["a"], VolumeFindings.Inconsistent);
    }

    private async Task CreateAsync(int kibibytes, string options)
    {
        Tool.Require("mkfs.fat");
        await Tool.RunAsync("mkfs.fat", ["-C", .. options.Split(' '), _folder["a"], $"{kibibytes}"]);
    }

    private async Task FillAsync(long bytes)
    {
        Tool.Require("mcopy");
        var tree = _folder["tree"];
        FileTree.Write(tree, bytes, 9);
        await Tool.RunAsync("mcopy", ["-s", "-i", _folder["a"], .. Directory.EnumerateDirectories(tree).Order(StringComparer.Ordinal), "::/"]);
        var files = Directory.EnumerateFiles(tree, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Where((_, i) => i % 3 == 1);
        await Tool.RunAsync("mdel", ["-i", _folder["a"], .. files.Select(file => $"::/{Path.GetRelativePath(tree, file)}")]);
    }

    private async Task<SortedDictionary<string, string>> HashAsync(string image)
    {
        var target = _folder[$"files-{Path.GetFileName(image)}"];
        Directory.CreateDirectory(target);
        await Tool.RunAsync("mcopy", "-s", "-n", "-i", image, "::/*", target);
        return await Maps.HashAsync(target);
    }

    private async Task<byte[]> ReadAsync(int offset, int count)
    {
        await using var file = File.OpenRead(_folder["a"]);
        file.Position = offset;
        var bytes = new byte[count];
        await file.ReadExactlyAsync(bytes, Token);
        return bytes;
    }

    private async Task WriteAsync(int offset, byte[] bytes)
    {
        await using var file = File.OpenWrite(_folder["a"]);
        file.Position = offset;
        await file.WriteAsync(bytes, Token);
    }

    [GeneratedRegex(@"(\d+)/(\d+) clusters")]
    private static partial Regex UsedClusters();
}
