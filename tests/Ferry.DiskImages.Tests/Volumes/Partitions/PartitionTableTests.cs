using System.Text.Json;
using Ferry.DiskImages.FileSystems;
using Ferry.DiskImages.Partitions;
using Ferry.DiskImages.Tests.Support;
using Ferry.DiskImages.Tests.Volumes.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Volumes.Partitions;

/// <summary>Tables that sfdisk writes and lists.</summary>
public sealed class PartitionTableTests : IDisposable
{
    private const long Size = 64 << 20;

    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("dos", "2048,1000,83,*\n4096,5000,7")]
    [InlineData("dos", "63,4000,6\n8000,4000,c\n20000,8000,82\n40000,90000,8e")]
    [InlineData("dos", "2048,1000,83\n4096,100000,5\n,1000,83\n,2000,82\n,3000,83\n,50000,b")]
    [InlineData("dos", "2048,60000,f\n,1000,83\n,1500,7\n70000,1000,ef")]
    [InlineData("gpt", "2048,4000,uefi\n,3000,linux\n,100,21686148-6449-6E6F-744E-656564454649\n,,lvm")]
    [InlineData("gpt\nfirst-lba: 34", "40,1,linux\n100,7,swap\n110000,20000,raid")]
    [InlineData("gpt\ntable-length: 4", "2048,,linux")]
    [InlineData("gpt\ntable-length: 256", "2048,1000,linux\n5000,1000,linux")]
    public async Task Read_OfWhatSfdiskWrites_IsWhatItLists(string label, string lines)
    {
        await CreateAsync();
        await ScriptAsync($"label: {label}\nunit: sectors\n\n{lines}\n");

        var table = await ReadAsync();

        using var listed = JsonDocument.Parse(await Tool.RunAsync("sfdisk", "-J", _folder["a"]));
        var expected = listed.RootElement.GetProperty("partitiontable");
        var partitions = expected.GetProperty("partitions").EnumerateArray().ToList();
        Assert.Equal(partitions.Count, table.Partitions.Count);
        foreach (var partition in table.Partitions)
        {
            var theirs = partitions.Single(element => element.GetProperty("node").GetString() == $"{_folder["a"]}{partition.Number}");
            Assert.Equal(theirs.GetProperty("start").GetInt64() * 512, partition.Offset);
            Assert.Equal(theirs.GetProperty("size").GetInt64() * 512, partition.Length);
            Assert.Equal(theirs.GetProperty("type").GetString()!, partition.MbrType?.ToString("x", null) ?? partition.TypeId.ToString()!, ignoreCase: true);
            Assert.Equal(theirs.TryGetProperty("uuid", out var id) ? id.GetGuid() : null, partition.UniqueId);
            Assert.Equal(theirs.TryGetProperty("bootable", out var bootable) && bootable.GetBoolean(), partition.Flags.HasFlag(PartitionFlags.Bootable));
        }

        Assert.Equal(label == "dos" ? PartitionScheme.Mbr : PartitionScheme.Gpt, table.Scheme);
        Assert.Equal(expected.GetProperty("id").GetString()!.Replace("0x", "", StringComparison.Ordinal), table.DiskId!, ignoreCase: true);
        Assert.Empty(table.Findings);
        Assert.False(table.IsDoubtful);
        Assert.DoesNotContain(table.Partitions, partition => partition.Flags.HasFlag(PartitionFlags.Doubtful));
    }

    [Fact]
    public async Task Read_NamesAndAttributesOfAGpt_AreListed()
    {
        await CreateAsync();
        await ScriptAsync("label: gpt\n\nsize=5MiB, type=uefi, name=\"EFI ä\"\nsize=5MiB, type=linux, attrs=\"LegacyBIOSBootable GUID:60\"\n");
        var table = await ReadAsync();
        Assert.Equal(["EFI ä", ""], table.Partitions.Select(partition => partition.Name));
        Assert.Equal(["EFI system", "Linux filesystem"], table.Partitions.Select(partition => partition.TypeName));
        Assert.Equal([0UL, 4 | (1UL << 60)], table.Partitions.Select(partition => partition.Attributes));
        Assert.True(table.Partitions[1].Flags.HasFlag(PartitionFlags.Bootable));
    }

    [Fact]
    public async Task Read_EmptyDisk_HasNoTable()
    {
        await CreateAsync();
        var table = await ReadAsync();
        Assert.Equal(PartitionScheme.None, table.Scheme);
        Assert.Empty(table.Partitions);
        Assert.Empty(table.Findings);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(512)]
    [InlineData(1000)]
    public async Task Read_DiskOfAFewBytes_HasNoTable(int size)
    {
        await File.WriteAllBytesAsync(_folder["a"], new byte[size], Token);
        Assert.Equal(PartitionScheme.None, (await ReadAsync()).Scheme);
        Assert.Empty((await Maps.ReadAsync(_folder["a"])).Unused);
    }

    /// <summary>Each single byte of a GPT's first copy that is changed makes it be read from the backup.</summary>
    [Theory]
    [InlineData(512)]
    [InlineData(520)]
    [InlineData(528)]
    [InlineData(536)]
    [InlineData(560)]
    [InlineData(592)]
    [InlineData(1024)]
    [InlineData(1100)]
    public async Task Read_DamagedFirstCopy_ComesFromTheBackup(int offset)
    {
        await CreateAsync();
        await ScriptAsync("label: gpt\n\n2048,4000,uefi\n,3000,linux\n");
        var whole = await ReadAsync();
        await FlipAsync(offset);

        var table = await ReadAsync();

        Assert.Equal(whole.Partitions, table.Partitions);
        Assert.Equal(whole.DiskId, table.DiskId);
        Assert.Equal(VolumeFindings.PartitionsFromBackup, Assert.Single(table.Findings).Code);
        Assert.False(table.IsDoubtful);
    }

    [Theory]
    [InlineData(Size - 512)]
    [InlineData(Size - (33 * 512) + 8)]
    public async Task Read_DamagedBackup_IsAFinding(long offset)
    {
        await CreateAsync();
        await ScriptAsync("label: gpt\n\n2048,4000,uefi\n,3000,linux\n");
        await FlipAsync(offset);
        var table = await ReadAsync();
        Assert.Equal(2, table.Partitions.Count);
        Assert.Equal(VolumeFindings.PartitionsWithoutBackup, Assert.Single(table.Findings).Code);
        Assert.False(table.IsDoubtful);
    }

    [Fact]
    public async Task Read_BothCopiesDamaged_CountsAllAsUsed()
    {
        await CreateAsync();
        await ScriptAsync("label: gpt\n\n2048,4000,uefi\n,3000,linux\n");
        await FlipAsync(512);
        await FlipAsync(Size - 512);
        var table = await ReadAsync();
        Assert.True(table.IsDoubtful);
        Assert.Empty(table.Partitions);
        Assert.Equal(VolumeFindings.PartitionsInconsistent, Assert.Single(table.Findings).Code);
    }

    /// <summary>A virtual disk that was made larger: the backup is where the first copy says, and not at the end.</summary>
    [Fact]
    public async Task Read_GrownDisk_FindsTheBackup()
    {
        await CreateAsync();
        await ScriptAsync("label: gpt\n\n2048,4000,uefi\n,3000,linux\n");
        await using (var file = File.OpenWrite(_folder["a"]))
        {
            file.SetLength(2 * Size);
        }

        var table = await ReadAsync();
        Assert.Equal(2, table.Partitions.Count);
        Assert.Empty(table.Findings);
    }

    /// <summary>Two whole copies that differ: it cannot be told which one a system goes by.</summary>
    [Fact]
    public async Task Read_CopiesThatDiffer_CountAllAsUsed()
    {
        await CreateAsync();
        await ScriptAsync("label: gpt\n\n2048,4000,uefi\n,3000,linux\n");
        var old = await File.ReadAllBytesAsync(_folder["a"], Token);
        await Tool.RunAsync("sfdisk", "--delete", _folder["a"], "2");
        await using (var file = File.OpenWrite(_folder["a"]))
        {
            file.Position = Size - (33 * 512);
            await file.WriteAsync(old.AsMemory((int)file.Position), Token);
        }

        var table = await ReadAsync();
        Assert.True(table.IsDoubtful);
        Assert.Single(table.Partitions);
    }

    [Fact]
    public async Task Read_GptThatNothingProtects_CountsAllAsUsed()
    {
        await CreateAsync();
        await ScriptAsync("label: gpt\n\n2048,4000,uefi\n");
        await using (var file = File.OpenWrite(_folder["a"]))
        {
            await file.WriteAsync(new byte[512], Token);
        }

        var table = await ReadAsync();
        Assert.True(table.IsDoubtful);
        Assert.Single(table.Partitions);

        await ScriptAsync("label: dos\n\n4096,1000,83\n", "--wipe", "never");
        table = await ReadAsync();
        Assert.Equal(PartitionScheme.Mbr, table.Scheme);
        Assert.True(table.IsDoubtful);
    }

    /// <summary>A hybrid record repeats partitions of the GPT. One that the GPT does not have makes doubtful what it overlaps.</summary>
    [Theory]
    [InlineData(2048, 4000, false)]
    [InlineData(2048, 3999, true)]
    [InlineData(6000, 100, true)]
    [InlineData(90_000, 100, false)]
    public async Task Read_HybridRecord_IsComparedWithTheGpt(int first, int sectors, bool doubtful)
    {
        await CreateAsync();
        await ScriptAsync("label: gpt\n\n2048,4000,uefi\n50000,3000,linux\n");
        await using (var file = File.OpenWrite(_folder["a"]))
        {
            file.Position = 446 + 16;
            byte[] entry = [0, 0, 0, 0, 7, 0, 0, 0, .. BitConverter.GetBytes(first), .. BitConverter.GetBytes(sectors)];
            await file.WriteAsync(entry, Token);
        }

        var table = await ReadAsync();
        Assert.Equal(doubtful, table.Partitions[0].Flags.HasFlag(PartitionFlags.Doubtful));
        Assert.False(table.Partitions[1].Flags.HasFlag(PartitionFlags.Doubtful));
        Assert.Equal(doubtful || first == 90_000, table.Findings.Count > 0);
    }

    private async Task CreateAsync()
    {
        Tool.Require("sfdisk");
        await using var file = File.Create(_folder["a"]);
        file.SetLength(Size);
    }

    private async Task ScriptAsync(string script, params string[] options)
    {
        await File.WriteAllTextAsync(_folder["script"], script, Token);
        await Tool.RunAsync("sh", "-c", $"sfdisk -q {string.Join(' ', options)} '{_folder["a"]}' < '{_folder["script"]}'");
    }

    private async Task FlipAsync(long offset)
    {
        await using var file = File.Open(_folder["a"], FileMode.Open);
        file.Position = offset;
        var value = (byte)(file.ReadByte() ^ 0x10);
        file.Position = offset;
        file.WriteByte(value);
    }

    private async Task<PartitionTable> ReadAsync()
    {
        await using var disk = await Images.OpenAsync(_folder["a"], DiskImageFormat.Raw);
        return await PartitionTable.ReadAsync(disk, Token);
    }
}
