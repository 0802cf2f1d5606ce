using System.Globalization;
using System.Text.RegularExpressions;
using Ferry.DiskImages.FileSystems;
using Ferry.DiskImages.Tests.Support;
using Ferry.DiskImages.Tests.Volumes.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Volumes.Xfs;

/// <summary>File systems of mkfs.xfs, filled by the kernel, or by a prototype where the kernel cannot mount them.</summary>
public sealed partial class XfsMapTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(64, "-d agcount=3")]
    [InlineData(64, "-b size=1024")]
    [InlineData(64, "-b size=2048 -d agcount=2 -m rmapbt=1,reflink=1")]
    [InlineData(64, "-s size=4096 -m reflink=0,finobt=0,inobtcount=0")]
    [InlineData(64, "-d su=64k,sw=2 -l su=64k")]
    [InlineData(64, "-l size=4060b,lazy-count=1 -m bigtime=0 -i size=1024,nrext64=1")]
    [InlineData(320, "-b size=16384 -m rmapbt=1")]
    [InlineData(330, "-L label")]
    public async Task Map_IsThatOfTheFreeSpaceTrees_AndNothingUnusedIsNeeded(int megabytes, string options)
    {
        await XfsImage.CreateAsync(_folder["a"], (long)megabytes << 20, options.Split(' '));
        await XfsImage.FillAsync(_folder["a"], 12 << 20);
        var before = await XfsImage.HashFilesAsync(_folder["a"]);
        Assert.NotEmpty(before);

        await CheckAsync(options.Contains("-L", StringComparison.Ordinal) ? "label" : "");

        Assert.Equal(before, await XfsImage.HashFilesAsync(_folder["b"]));
    }

    /// <summary>Nothing was ever mounted: the log is as mkfs leaves it.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("-m crc=0")]
    [InlineData("-m crc=0 -b size=512 -l version=1")]
    [InlineData("-m crc=0 -b size=1024 -d agcount=5 -l version=2,su=32k")]
    [InlineData("-m crc=0,finobt=0 -s size=2048 -b size=16384")]
    [InlineData("-d agcount=3 -m rmapbt=1")]
    public async Task Map_OfWhatAPrototypeMade_IsThatOfTheFreeSpaceTrees(string options)
    {
        var tree = _folder["tree"];
        Directory.CreateDirectory(tree);
        FileTree.Write(tree, 5 << 20, 3);
        var files = Directory.EnumerateFiles(tree, "*", SearchOption.AllDirectories).Select((file, i) => $"f{i} ---644 0 0 {file.Replace(" ", "", StringComparison.Ordinal)}").ToList();
        foreach (var file in Directory.EnumerateFiles(tree, "*", SearchOption.AllDirectories).ToList())
        {
            File.Move(file, file.Replace(" ", "", StringComparison.Ordinal));
        }

        await File.WriteAllTextAsync(_folder["prototype"], $"/\n0 0\nd--755 0 0\n{string.Join('\n', files)}\n$\n", TestContext.Current.CancellationToken);
        await XfsImage.CreateAsync(_folder["a"], 97 << 20, ["-p", _folder["prototype"], .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        await CheckAsync("");
    }

    /// <summary>Version 4 is mounted by the kernel of an appliance, where this machine's own has none of it any more.</summary>
    [Theory]
    [Trait("Tier", "all")]
    [InlineData("-m crc=0")]
    [InlineData("-m crc=0 -b size=1024 -d agcount=6 -l version=1")]
    public async Task Map_OfVersion4WithFilesWrittenAndDeleted_NothingUnusedIsNeeded(string options)
    {
        Tool.Require("guestfish");
        await XfsImage.CreateAsync(_folder["a"], 200 << 20, options.Split(' '));
        FileTree.Write(_folder["tree"], 10 << 20, 4);
        await Tool.RunAsync("tar", "-C", _folder["tree"], "-cf", _folder["tree.tar"], ".");
        await Tool.RunAsync("guestfish", "--format=raw", "-a", _folder["a"], "run", ":", "mount", "/dev/sda", "/", ":", "tar-in", _folder["tree.tar"], "/", ":", "rm-rf", "/folder2", ":", "rm-rf", "/folder5");

        await CheckAsync("");

        await Tool.RunAsync("guestfish", "--ro", "--format=raw", "-a", _folder["b"], "run", ":", "mount-ro", "/dev/sda", "/", ":", "tar-out", "/", _folder["back.tar"]);
        Directory.CreateDirectory(_folder["back"]);
        await Tool.RunAsync("tar", "-C", _folder["back"], "-xf", _folder["back.tar"]);
        Directory.Delete(_folder[Path.Combine("tree", "folder2")], recursive: true);
        Directory.Delete(_folder[Path.Combine("tree", "folder5")], recursive: true);
        Assert.Equal(await Maps.HashAsync(_folder["tree"]), await Maps.HashAsync(_folder["back"]));
    }

    /// <summary>The kernel writes around the log several times; every clean state has to be seen as clean, wherever its head is.</summary>
    [Fact]
    public async Task Log_WrittenAroundSeveralTimes_IsCleanAfterEachUnmount()
    {
        await XfsImage.CreateAsync(_folder["a"], 64 << 20, "-l", "size=1368b", "-b", "size=4096");
        for (var round = 0; round < 12; round++)
        {
            await using (var mount = await LoopMount.MountAsync(_folder["a"], "xfs"))
            {
                for (var i = 0; i < 900; i++)
                {
                    await File.WriteAllTextAsync(Path.Combine(mount.Folder, $"file {i}"), $"{round}", TestContext.Current.CancellationToken);
                }

                for (var i = 0; i < 900; i++)
                {
                    File.Delete(Path.Combine(mount.Folder, $"file {i}"));
                }
            }

            await Maps.ReadOneAsync(_folder["a"]);
        }
    }

    [Fact]
    public async Task Map_WhileMounted_SaysThatItIsDirty()
    {
        await XfsImage.CreateAsync(_folder["a"], 64 << 20);
        await using (var mount = await LoopMount.MountAsync(_folder["a"], "xfs"))
        {
            FileTree.Write(mount.Folder, 2 << 20, 1);
            await Tool.RunAsync("sync", "-f", mount.Folder);
            await Tool.RunAsync("cp", "--sparse=always", _folder["a"], _folder["b"]);
        }

        await Maps.RefusesAsync(_folder["b"], VolumeFindings.Dirty);
        await Maps.ReadOneAsync(_folder["a"]);
    }

    /// <summary>A frozen file system, as a snapshot of a running machine finds it, has to be recovered.</summary>
    [Fact]
    public async Task Map_Frozen_SaysThatItIsDirty()
    {
        await XfsImage.CreateAsync(_folder["a"], 64 << 20);
        await using (var mount = await LoopMount.MountAsync(_folder["a"], "xfs"))
        {
            FileTree.Write(mount.Folder, 2 << 20, 1);
            await Tool.RunAsync("fsfreeze", "-f", mount.Folder);
            await Tool.RunAsync("cp", "--sparse=always", _folder["a"], _folder["b"]);
            await Tool.RunAsync("fsfreeze", "-u", mount.Folder);
        }

        await Maps.RefusesAsync(_folder["b"], VolumeFindings.Dirty);
    }

    [Theory]
    [InlineData("sb 0", "write -d features_incompat 0x200", VolumeFindings.Unsupported)]
    [InlineData("sb 0", "write -d features_ro_compat 0x100", VolumeFindings.Unsupported)]
    [InlineData("sb 0", "write -d features_incompat 0x1b", VolumeFindings.Dirty)]
    [InlineData("sb 0", "write -d inprogress 1", VolumeFindings.Dirty)]
    [InlineData("sb 0", "write -d rblocks 5", VolumeFindings.Unsupported)]
    [InlineData("sb 0", "write -d logstart 0", VolumeFindings.Unsupported)]
    [InlineData("sb 0", "write -d dblocks 99999999", VolumeFindings.Inconsistent)]
    [InlineData("sb 0", "write -d agcount 3", VolumeFindings.Inconsistent)]
    [InlineData("agf 1", "write -d freeblks 5", VolumeFindings.Inconsistent)]
    [InlineData("agf 1", "write -d longest 5", VolumeFindings.Inconsistent)]
    [InlineData("agf 1", "write -d bnoroot 3", VolumeFindings.Inconsistent)]
    [InlineData("agf 1", "write -d bnolevel 2", VolumeFindings.Inconsistent)]
    [InlineData("agf 1", "write -d flcount 1", VolumeFindings.Inconsistent)]
    [InlineData("agf 1", "write -c freeblks 5", VolumeFindings.Inconsistent)]
    [InlineData("agf 1", "addr bnoroot;write -d recs[1].startblock 1", VolumeFindings.Inconsistent)]
    [InlineData("agf 1", "addr bnoroot;write -c level 1", VolumeFindings.Inconsistent)]
    public async Task Map_OfDamagedStructures_SaysSo(string place, string command, string code)
    {
        await XfsImage.CreateAsync(_folder["a"], 64 << 20);
        string[] commands = [place, .. command.Split(';')];
        await Tool.RunAsync("xfs_db", ["-x", .. commands.SelectMany(text => new[] { "-c", text }), _folder["a"]]);
        await Maps.RefusesAsync(_folder["a"], code);
    }

    private async Task CheckAsync(string label)
    {
        await Tool.RunAsync("xfs_repair", "-n", _folder["a"]);
        var (map, volume) = await Maps.ReadOneAsync(_folder["a"]);

        Assert.Equal("xfs", volume.Content);
        Assert.Equal(label, volume.Label);
        var numbers = Number().Matches(await Tool.RunAsync("xfs_db", "-r", "-c", "sb 0", "-c", "p blocksize agblocks agcount", _folder["a"]));
        var free = await XfsImage.FreeAsync(
            _folder["a"], long.Parse(numbers[0].Groups[1].Value, CultureInfo.InvariantCulture), long.Parse(numbers[1].Groups[1].Value, CultureInfo.InvariantCulture));
        // xfs_db counts the blocks of the free lists, which are kept for the trees; they are part of what it lists and of nothing that is unused.
        var listed = await ListedAsync(long.Parse(numbers[2].Groups[1].Value, CultureInfo.InvariantCulture));
        Assert.All(map.Unused, range => Assert.Contains(free, whole => whole.Offset <= range.Offset && range.End <= whole.End));
        Assert.Equal(free.Sum(range => range.Length) - (listed * long.Parse(numbers[0].Groups[1].Value, CultureInfo.InvariantCulture)), map.UnusedBytes);
        await Maps.SpoilAsync(_folder["a"], _folder["b"], map.Unused);
        await Tool.RunAsync("xfs_repair", "-n", _folder["b"]);
    }

    private async Task<long> ListedAsync(long groups)
    {
        var commands = Enumerable.Range(0, (int)groups).SelectMany(group => new[] { "-c", $"agf {group}", "-c", "p flcount" });
        return Number().Matches(await Tool.RunAsync("xfs_db", ["-r", .. commands, _folder["a"]])).Sum(match => long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"= (\d+)")]
    private static partial Regex Number();
}
