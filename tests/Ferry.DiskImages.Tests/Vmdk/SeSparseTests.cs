using System.Buffers.Binary;
using Ferry.DiskImages.Tests.Support;
using Ferry.DiskImages.Vmdk.SeSparse;
using Xunit;

namespace Ferry.DiskImages.Tests.Vmdk;

/// <summary>seSparse extents, of ESXi and made here by the same layout; qemu-img reads them, too.</summary>
public sealed class SeSparseTests : IDisposable
{
    private const int Grain = SeSparseFileBuilder.GrainBytes;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Open_SampleOfEsxi_HasTheContentOfSamplesMd()
    {
        await Samples.UnpackAsync("fox-it-dissect.hypervisor/vmdk/sesparse.vmdk.gz", _folder.Path);
        await File.WriteAllTextAsync(_folder["a.vmdk"], VmdkText.Descriptor("seSparse", "RW 1048576 SESPARSE \"sesparse.vmdk\""), Token);

        await using var image = await Images.OpenAsync(_folder["a.vmdk"]);

        Assert.Equal((512L << 20, "seSparse", 4096L), (image.Capacity, image.Info.Variant, image.Info.BlockSize));
        Assert.Equal("3afa48010241335528fe402f083fc9f3a1013a49485221443a78d9a8604e2f90", await Images.HashAsync(image, 1_000_003));
        Assert.Equal(
            [(0L, 16L << 20, ExtentKind.Data), (16L << 20, 496L << 20, ExtentKind.Unallocated)],
            await image.GetExtentsAsync(0, image.Capacity, Token).Select(e => (e.Offset, e.Length, e.Kind)).ToListAsync(Token));
    }

    [Theory]
    [InlineData(8 * 4096L, 1)]
    [InlineData((8 * 4096L * 2) + 3, 2)]
    [InlineData(8 * 5000L, 3)]
    [InlineData(1L, 4)]
    public async Task Open_OverAFlatDisk_HasTheContentThatQemuReads(long sectors, int seed)
    {
        Tool.Require("qemu-img");
        var random = new Random(seed);
        var flat = new byte[sectors * 512];
        random.NextBytes(flat);
        await File.WriteAllBytesAsync(_folder["vm-flat.vmdk"], flat, Token);
        await File.WriteAllTextAsync(_folder["vm.vmdk"], VmdkText.Descriptor("vmfs", $"RW {sectors} VMFS \"vm-flat.vmdk\"", cid: "1"), Token);
        await File.WriteAllBytesAsync(_folder["vm-000001-sesparse.vmdk"], RandomExtent(sectors, random).Build(random), Token);
        await File.WriteAllTextAsync(
            _folder["vm-000001.vmdk"], VmdkText.Descriptor("seSparse", $"RW {sectors} SESPARSE \"vm-000001-sesparse.vmdk\"", "2", "00000001", "vm.vmdk"), Token);

        await using var image = await Images.OpenAsync(_folder["vm-000001.vmdk"]);
        await Tool.RunAsync("qemu-img", "convert", "-f", "vmdk", "-O", "raw", _folder["vm-000001.vmdk"], _folder["a.raw"]);
        await using var raw = await Images.OpenAsync(_folder["a.raw"], DiskImageFormat.Raw);

        Assert.True((await ImageComparer.CompareAsync(raw, image, cancellationToken: Token)).IsIdentical);
        Assert.Equal(await Images.HashAsync(raw), await Images.HashAsync(image, 77_777));
        await VmdkReads.AssertExtentsAsync(image, raw);
        await VmdkReads.AssertRandomReadsAsync(raw, image, random);
    }

    [Fact]
    public async Task Open_GrainNumbersOfManyBits_AreTurnedRight()
    {
        // The lowest 12 bits of a grain's number stand above the others.
        foreach (var number in new ulong[] { 0, 1, 4095, 4096, 0x12345, 0xfff_ffff_ffff })
        {
            Assert.Equal(number, SeSparseGrainEntry.Of(number).Grain);
            Assert.Equal(ExtentKind.Data, SeSparseGrainEntry.Of(number).Kind);
        }

        Assert.Equal(0x3001_0000_0000_0002ul, SeSparseGrainEntry.Of(0x2001).Value);

        Tool.Require("qemu-img");
        const long Grains = 5000;
        var builder = new SeSparseFileBuilder(Grains * 8);
        for (var grain = 0; grain < Grains; grain++)
        {
            builder.Set(grain, [.. Enumerable.Repeat((byte)(1 + (grain % 255)), Grain)]);
        }

        await WriteAsync(builder.Build(new Random(1)), Grains * 8);
        await using var image = await Images.OpenAsync(_folder["a.vmdk"]);
        await Tool.RunAsync("qemu-img", "convert", "-f", "vmdk", "-O", "raw", _folder["a.vmdk"], _folder["a.raw"]);
        await using var raw = await Images.OpenAsync(_folder["a.raw"], DiskImageFormat.Raw);
        Assert.Equal(await Images.HashAsync(raw), await Images.HashAsync(image, 50_000));
    }

    [Fact]
    public async Task Open_LargeDisk_IsReadAroundItsTables()
    {
        Tool.Require("qemu-io");
        const long Sectors = (40L << 31) + 24;
        const long Grains = Sectors / 8;
        long[] set = [0, 4095, 4096, (1L << 29) - 1, 1L << 29, (1L << 32) + 5, Grains - 1];
        var builder = new SeSparseFileBuilder(Sectors);
        foreach (var grain in set)
        {
            builder.Set(grain, [.. Enumerable.Repeat((byte)(1 + (grain % 251)), Grain)]);
        }

        await WriteAsync(builder.Build(new Random(1)), Sectors);
        await using var image = await Images.OpenAsync(_folder["a.vmdk"]);

        Assert.Equal(Sectors * 512, image.Capacity);
        var data = await image.GetExtentsAsync(0, image.Capacity, Token).Where(e => e.Kind == ExtentKind.Data).ToListAsync(Token);
        Assert.Equal(set.Length * Grain, data.Sum(e => e.Length));
        var bytes = new byte[Grain];
        foreach (var grain in set)
        {
            await image.ReadAsync(grain * Grain, bytes, Token);
            Assert.Equal(-1, bytes.AsSpan().IndexOfAnyExcept((byte)(1 + (grain % 251))));
            var output = await Tool.RunAsync("qemu-io", "-r", "-f", "vmdk", "-c", $"read -P {1 + (grain % 251)} {grain * Grain} {Grain}", _folder["a.vmdk"]);
            Assert.DoesNotContain("failed", output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("version", DiskImageErrors.UnsupportedVariant)]
    [InlineData("grain", DiskImageErrors.UnsupportedVariant)]
    [InlineData("table", DiskImageErrors.UnsupportedVariant)]
    [InlineData("flags", DiskImageErrors.UnsupportedVariant)]
    [InlineData("reserved", DiskImageErrors.UnsupportedVariant)]
    [InlineData("journal", DiskImageErrors.UnsupportedVariant)]
    [InlineData("volatile", DiskImageErrors.Corrupt)]
    [InlineData("volatile outside", DiskImageErrors.Truncated)]
    [InlineData("no size", DiskImageErrors.Corrupt)]
    [InlineData("2^62 sectors", DiskImageErrors.Corrupt)]
    [InlineData("2^50 sectors", DiskImageErrors.Corrupt)]
    [InlineData("2^50 sectors, large directory", DiskImageErrors.Truncated)]
    [InlineData("directory outside", DiskImageErrors.Truncated)]
    [InlineData("directory entry", DiskImageErrors.Corrupt)]
    [InlineData("table number", DiskImageErrors.Corrupt)]
    [InlineData("tables outside", DiskImageErrors.Truncated)]
    [InlineData("entry of no type", DiskImageErrors.Corrupt)]
    [InlineData("entry of an unknown type", DiskImageErrors.Corrupt)]
    [InlineData("grain outside", DiskImageErrors.Truncated)]
    [InlineData("grain 2^60", DiskImageErrors.Truncated)]
    [InlineData("shorter than the descriptor", DiskImageErrors.Corrupt)]
    public async Task Open_HostileExtent_SaysWhy(string damage, string code)
    {
        var builder = new SeSparseFileBuilder(80).Set(0, new byte[Grain]).Set(3, SeSparseGrainEntry.Zero);
        builder.Header = header => damage switch
        {
            "version" => header with { Version = 1 },
            "grain" => header with { GrainSize = 16 },
            "table" => header with { TableSize = 32 },
            "flags" => header with { Flags = 1 },
            "volatile outside" => header with { VolatileHeaderOffset = 1 << 20 },
            "no size" => header with { Capacity = 0 },
            "2^62 sectors" => header with { Capacity = 1ul << 62 },
            "2^50 sectors" => header with { Capacity = 1ul << 50 },
            "2^50 sectors, large directory" => header with { Capacity = 1ul << 50, DirectorySize = 1ul << 40 },
            "directory outside" => header with { DirectoryOffset = 1ul << 40 },
            "tables outside" => header with { TablesOffset = 1ul << 40 },
            "shorter than the descriptor" => header with { Capacity = 79 },
            _ => header,
        };
        builder.ReplayJournal = damage == "journal" ? 1ul : 0;
        builder.Damage = bytes =>
        {
            switch (damage)
            {
                case "reserved": bytes[48] = 1; break;
                case "volatile": bytes[512] = 0; break;
                case "directory entry": bytes[SeSparseFileBuilder.DirectoryEntry(0) + 7] = 0x20; break;
                case "table number": bytes[SeSparseFileBuilder.DirectoryEntry(0)] = 1; break;
            }
        };
        ulong? entry = damage switch
        {
            "entry of no type" => 5,
            "entry of an unknown type" => 0x4000_0000_0000_0000,
            "grain outside" => SeSparseGrainEntry.Of(1000).Value,
            "grain 2^60" => SeSparseGrainEntry.Of((1ul << 60) - 1).Value,
            _ => null,
        };
        if (entry is { } value)
        {
            builder.Set(2, value);
        }

        await WriteAsync(builder.Build(new Random(1)), 80);

        await Images.FailsAsync(code, async () =>
        {
            await using var image = await Images.OpenAsync(_folder["a.vmdk"]);
            await image.ReadAsync(0, new byte[image.Capacity], Token);
        });
    }

    private Task WriteAsync(byte[] extent, long sectors) => Task.WhenAll(
        File.WriteAllBytesAsync(_folder["a-sesparse.vmdk"], extent, Token),
        File.WriteAllTextAsync(_folder["a.vmdk"], VmdkText.Descriptor("seSparse", $"RW {sectors} SESPARSE \"a-sesparse.vmdk\""), Token));

    private static SeSparseFileBuilder RandomExtent(long sectors, Random random)
    {
        var builder = new SeSparseFileBuilder(sectors);
        var grains = ((sectors * 512) + Grain - 1) / Grain;
        for (long grain = 0; grain < grains; grain += random.Next(1, (int)Math.Max(2, grains / 60)))
        {
            var kind = random.Next(4);
            for (var run = random.Next(1, 5); run > 0 && grain < grains; run--, grain++)
            {
                if (kind < 2)
                {
                    var bytes = new byte[Grain];
                    BinaryPrimitives.WriteInt64LittleEndian(bytes, grain);
                    random.NextBytes(bytes.AsSpan(8));
                    builder.Set(grain, bytes);
                }
                else
                {
                    builder.Set(grain, kind == 2 ? SeSparseGrainEntry.Zero : SeSparseGrainEntry.Unmapped | (uint)random.Next());
                }
            }
        }

        return builder;
    }
}
