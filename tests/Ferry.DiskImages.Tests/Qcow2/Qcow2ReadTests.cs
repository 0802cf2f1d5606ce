using Ferry.DiskImages.Tests.Support;
using Ferry.DiskImages.Tests.Writing;
using Xunit;
using static Ferry.DiskImages.Tests.Qcow2.Qcow2Images;

namespace Ferry.DiskImages.Tests.Qcow2;

/// <summary>Images that qemu-img makes with every option that it has.</summary>
public sealed class Qcow2ReadTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, bool> Options()
    {
        var data = new TheoryData<string, bool>
        {
            { "compat=0.10", false },
            { "compat=0.10,cluster_size=4k", true },
            { "compat=1.1", true },
            { "lazy_refcounts=on", false },
            { "preallocation=metadata", false },
            { "preallocation=falloc", false },
            { "preallocation=full,cluster_size=8k", false },
            { "compression_type=zlib,cluster_size=512", true },
            { "compression_type=zstd,cluster_size=512", true },
            { "compression_type=zstd", true },
            { "compression_type=zlib,cluster_size=2M", true },
            { "compression_type=zstd,cluster_size=2M", true },
            { "compression_type=zstd,cluster_size=16k,extended_l2=on", true },
            { "extended_l2=on,cluster_size=128k", false },
            { "extended_l2=on,cluster_size=2M", true },
            { "preallocation=metadata,extended_l2=on", false },
        };
        foreach (var bits in new[] { 1, 2, 4, 8, 32, 64 })
        {
            data.Add($"refcount_bits={bits}", false);
        }

        for (var size = 512; size <= 2 * MiB; size *= 2)
        {
            data.Add($"cluster_size={size}", false);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Options))]
    public async Task Open_ImageOfQemuImg_HasTheSameContent(string options, bool compress)
    {
        Tool.Require("qemu-img");
        var random = Seed.New();
        var capacity = (options.Contains("preallocation", StringComparison.Ordinal) ? 6L : 20L) * MiB + (random.Next(8000) * 512);
        await WriteRawAsync(_folder["a.raw"], capacity, random);
        string[] flags = compress ? ["-c"] : [];
        await Tool.RunAsync("qemu-img", ["convert", "-f", "raw", "-O", "qcow2", .. flags, "-o", options, _folder["a.raw"], _folder["a.qcow2"]]);
        await using var raw = await Images.OpenAsync(_folder["a.raw"], DiskImageFormat.Raw);
        await using var reader = await Images.OpenAsync(_folder["a.qcow2"]);

        await AssertSameAsync(raw, reader, random);
        Assert.Equal(options.Contains("compat=0.10", StringComparison.Ordinal) ? "v2" : "v3", reader.Info.Variant);
        Assert.Equal(options.Contains("zstd", StringComparison.Ordinal) ? "zstd" : "zlib", reader.Info.Properties["compression type"]);
        await reader.VerifyUnchangedAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("compat=0.10")]
    [InlineData("compat=1.1")]
    [InlineData("cluster_size=512")]
    [InlineData("cluster_size=2M")]
    [InlineData("compression_type=zstd")]
    [InlineData("preallocation=metadata")]
    [InlineData("extended_l2=on,cluster_size=16k")]
    [InlineData("extended_l2=on,cluster_size=64k")]
    public async Task Open_ImageThatAMachineWroteTo_HasTheContentThatQemuReads(string options)
    {
        Tool.Require("qemu-io");
        // The same writes each time: after some sequences with compressed clusters qemu-img cannot read what qemu-io wrote.
        var random = new Random(20261125);
        var capacity = 8L * MiB + (random.Next(200) * 512);
        await Tool.RunAsync("qemu-img", "create", "-f", "qcow2", "-o", options, _folder["a.qcow2"], $"{capacity}");
        await ChangeByQemuAsync(_folder["a.qcow2"], capacity, random, 80, compressed: !options.Contains("cluster_size", StringComparison.Ordinal));

        await using var reader = await AssertSameAsQemuAsync(_folder["a.qcow2"], random);
    }

    [Theory]
    [InlineData("data_file=d.bin")]
    [InlineData("data_file=d.bin,data_file_raw=on")]
    [InlineData("data_file=d.bin,extended_l2=on")]
    public async Task Open_ExternalDataFile_HasTheContentThatQemuReads(string options)
    {
        Tool.Require("qemu-io");
        var random = Seed.New();
        var capacity = 8L * MiB;
        await Tool.RunInAsync(_folder.Path, "qemu-img", "create", "-f", "qcow2", "-o", options, "a.qcow2", $"{capacity}");
        await Tool.RunInAsync(_folder.Path, "qemu-io", "-f", "qcow2", "-c", "write -P 7 0 70000", "-c", "write -P 8 1M 64k", "-c", "write -z 1M 4k", "-c", "discard 64k 64k", "a.qcow2");
        await Tool.RunInAsync(_folder.Path, "qemu-img", "convert", "-f", "qcow2", "-O", "raw", "a.qcow2", "q.raw");
        await using var expected = await Images.OpenAsync(_folder["q.raw"], DiskImageFormat.Raw);
        await using var reader = await Images.OpenAsync(_folder["a.qcow2"]);

        await AssertSameAsync(expected, reader, random);
        Assert.Equal(["a.qcow2", "d.bin"], reader.Info.Files);
        Assert.Equal(["a.qcow2", "d.bin"], reader.Pins.Select(p => p.Name));

        File.AppendAllText(_folder["d.bin"], "x");
        await Images.FailsAsync(DiskImageErrors.SourceChanged, async () => await reader.VerifyUnchangedAsync());
        File.Delete(_folder["d.bin"]);
        await Images.FailsAsync(DiskImageErrors.MissingFile, () => Images.OpenAsync(_folder["a.qcow2"]));
    }

    /// <summary>Sizes around every boundary of a table, with data at the ends of each.</summary>
    [Theory]
    [InlineData(512, 64 * 512)]
    [InlineData(4096, 512 * 4096)]
    [InlineData(65536, 8192 * 65536L)]
    [InlineData(65536, (5L << 40) + 512)]
    [InlineData(2097152, 300L << 40)]
    public async Task Open_DataAtTheEndsOfTables_IsFound(int clusterSize, long table)
    {
        Tool.Require("qemu-io");
        var random = Seed.New();
        foreach (var capacity in new[] { table - 512, table, table + 512 })
        {
            var path = _folder[$"{capacity}.qcow2"];
            await Tool.RunAsync("qemu-img", "create", "-f", "qcow2", "-o", $"cluster_size={clusterSize}", path, $"{capacity}");
            var offsets = new[] { 0, clusterSize - 512, capacity / 1024 * 512, table - clusterSize, table - 512, table, capacity - 512 }.Where(o => o < capacity && o >= 0).Distinct().ToArray();
            await Tool.RunAsync("qemu-io", ["-f", "qcow2", .. offsets.SelectMany((o, i) => new[] { "-c", $"write -P {i + 1} {o} 512" }), path]);

            await using var reader = await Images.OpenAsync(path);

            Assert.Equal(capacity, reader.Capacity);
            await Images.CheckExtentsAsync(reader);
            var sector = new byte[512];
            for (var i = 0; i < offsets.Length; i++)
            {
                await reader.ReadAsync(offsets[i], sector, TestContext.Current.CancellationToken);
                Assert.Equal(-1, sector.AsSpan().IndexOfAnyExcept((byte)(i + 1)));
            }
        }
    }

    [Fact]
    public async Task Open_DirtyImage_IsRead()
    {
        Tool.Require("qemu-io");
        await Tool.RunAsync("qemu-img", "create", "-f", "qcow2", "-o", "lazy_refcounts=on", _folder["a.qcow2"], "1M");

        // Aborted, the program leaves the dirty bit behind.
        await Tool.TryRunAsync("qemu-io", "-f", "qcow2", "-c", "write -P 5 0 1k", "-c", "flush", "-c", "abort", _folder["a.qcow2"]);
        await using var reader = await Images.OpenAsync(_folder["a.qcow2"]);

        Assert.Equal("true", reader.Info.Properties["dirty"]);
        var read = new byte[1024];
        await reader.ReadAsync(0, read, TestContext.Current.CancellationToken);
        Assert.Equal(-1, read.AsSpan().IndexOfAnyExcept((byte)5));
    }

    [Fact]
    public async Task Open_InternalSnapshots_OnlyTheActiveStateAndOnlyWhenAskedFor()
    {
        Tool.Require("qemu-io");
        var random = Seed.New();
        await Tool.RunAsync("qemu-img", "create", "-f", "qcow2", _folder["a.qcow2"], "4M");
        await ChangeByQemuAsync(_folder["a.qcow2"], 4 * MiB, random, 20);
        await Tool.RunAsync("qemu-img", "snapshot", "-c", "before", _folder["a.qcow2"]);
        await ChangeByQemuAsync(_folder["a.qcow2"], 4 * MiB, random, 20);

        var e = await Images.FailsAsync(DiskImageErrors.UnsupportedVariant, () => Images.OpenAsync(_folder["a.qcow2"]));
        Assert.Contains("internal snapshots (1)", e.Message, StringComparison.Ordinal);
        await using var reader = await AssertSameAsQemuAsync(_folder["a.qcow2"], random, new DiskImageOpenOptions { AllowInternalSnapshots = true });
        Assert.Equal("1", reader.Info.Properties["internal snapshots"]);
    }
}
