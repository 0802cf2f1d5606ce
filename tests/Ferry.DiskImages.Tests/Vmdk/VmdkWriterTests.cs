using System.Text;
using Ferry.DiskImages.Tests.Support;
using Ferry.DiskImages.Vmdk;
using Xunit;

namespace Ferry.DiskImages.Tests.Vmdk;

/// <summary>What is special about the sparse and flat VMDKs that Ferry writes; what holds for every format is tested for all of them at once.</summary>
public sealed class VmdkWriterTests : IDisposable
{
    private const int Sector = 512;

    private static readonly Guid DiskId = Guid.Parse("00112233-4455-6677-8899-aabbccddeeff");

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Sector, 0)]
    [InlineData((32L << 20) + Sector, 0)]
    [InlineData((6L << 30) - Sector, 4096)]
    [InlineData((2L << 40) + (3 * Sector), 65536)]
    public async Task Complete_Sparse_HasTheLayoutOfTheSpecification(long capacity, int grainSize)
    {
        DiskRange[] ranges = [.. new[] { 0, (32L << 20) - Sector, (32L << 20) + 4096, capacity - Sector }.Where(o => o >= 0 && o < capacity).Distinct().Select(o => new DiskRange(o, Sector))];
        await WriteAsync(Plan(capacity, DiskImageVariant.MonolithicSparse) with { BlockSize = grainSize, Allocated = ranges });

        await using var file = File.OpenRead(_folder["a.vmdk"]);
        var start = new byte[21 * Sector];
        await file.ReadExactlyAsync(start, Token);
        var header = SparseExtentHeader.Read(start);
        var grain = grainSize == 0 ? 65536 : grainSize;
        var tables = (((capacity + grain - 1) / grain) + 511) / 512;
        var directory = ((tables * 4) + Sector - 1) / Sector;
        Assert.Equal(1u, header.Version);
        Assert.Equal(SparseExtentFlags.ValidLineEnds | SparseExtentFlags.RedundantDirectory, header.Flags);
        Assert.Equal((1UL, 20UL, 512u, 21UL), (header.DescriptorOffset, header.DescriptorSize, header.GrainTableEntries, header.RedundantDirectoryOffset));
        Assert.Equal((ulong)(21 + directory + (tables * 4)), header.DirectoryOffset);
        Assert.Equal(0UL, header.Overhead % header.GrainSize);
        Assert.Equal(((long)header.Overhead * Sector) + (ranges.Select(r => r.Offset / grain).Distinct().Count() * grain), file.Length);

        // Both directories name tables of their own, and both say the same of every grain.
        foreach (var range in ranges)
        {
            Assert.Equal(await EntryAsync(file, (long)header.RedundantDirectoryOffset, range.Offset / grain), await EntryAsync(file, (long)header.DirectoryOffset, range.Offset / grain));
        }

        Tool.Require("qemu-img");
        await Tool.RunAsync("qemu-img", "check", _folder["a.vmdk"]);
        await AssertContentAsync(ranges);
    }

    [Theory]
    [InlineData(DiskImageVariant.MonolithicSparse)]
    [InlineData(DiskImageVariant.MonolithicFlat)]
    public async Task Complete_Descriptor_SaysWhatVMwareWantsToKnow(DiskImageVariant variant)
    {
        await WriteAsync(Plan(16L << 30, variant));
        var bytes = await File.ReadAllBytesAsync(_folder["a.vmdk"], Token);
        var text = Encoding.UTF8.GetString(variant == DiskImageVariant.MonolithicFlat ? bytes : bytes.AsSpan(Sector, 20 * Sector)).TrimEnd('\0');
        var lines = text.Split('\n');
        var keys = lines.Where(l => !l.StartsWith('#') && l.Contains('=', StringComparison.Ordinal)).ToDictionary(l => l.Split('=')[0].Trim(), l => l.Split('=', 2)[1].Trim().Trim('"'));

        Assert.Equal("# Disk DescriptorFile", lines[0]);
        Assert.Equal("version=1", lines[1]);
        Assert.Equal("ffffffff", keys["parentCID"]);
        Assert.Equal(variant == DiskImageVariant.MonolithicFlat ? "monolithicFlat" : "monolithicSparse", keys["createType"]);
        Assert.Contains(variant == DiskImageVariant.MonolithicFlat ? "RW 33554432 FLAT \"a-flat.vmdk\" 0" : "RW 33554432 SPARSE \"a.vmdk\"", lines);

        // As VMware's own 16 GiB disk in the samples.
        Assert.Equal(("lsilogic", "2088", "255", "63"), (keys["ddb.adapterType"], keys["ddb.geometry.cylinders"], keys["ddb.geometry.heads"], keys["ddb.geometry.sectors"]));
        Assert.Equal("8", keys["ddb.virtualHWVersion"]);
        Assert.Matches("^60 00 c2 9[0-9a-f]( [0-9a-f]{2}){4}-[0-9a-f]{2}( [0-9a-f]{2}){7}$", keys["ddb.uuid"]);
        Assert.Matches("^[0-9a-f]{32}$", keys["ddb.longContentID"]);
        Assert.EndsWith(keys["CID"], keys["ddb.longContentID"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DiskImageVariant.MonolithicSparse)]
    [InlineData(DiskImageVariant.MonolithicFlat)]
    public async Task Reopen_ImageThatAnotherProgramWroteTo_IsRefused(DiskImageVariant variant)
    {
        var content = new string('a', 64);
        await WriteAsync(Plan(9 << 20, variant), content);
        await using (var before = await Images.OpenAsync(_folder["a.vmdk"]))
        {
            Assert.Equal((DiskId, content), (before.Info.DiskId, before.Info.ContentId));
        }

        // What every program does that opens a disk for writing: a new CID.
        var bytes = await File.ReadAllBytesAsync(_folder["a.vmdk"], Token);
        var at = bytes.AsSpan().IndexOf("CID="u8) + 4;
        "0badf00d"u8.CopyTo(bytes.AsSpan(at));
        await File.WriteAllBytesAsync(_folder["a.vmdk"], bytes, Token);

        var delta = new DiskImageDelta { Changed = [new DiskRange(0, 512)], DeltaId = Guid.NewGuid() };
        await Images.FailsAsync(DiskImageErrors.UnsupportedVariant, async () => await DiskImage.ReopenAsync(_folder["a.vmdk"], DiskImageFormat.Vmdk, delta, Token));
        Assert.Equal(bytes, await File.ReadAllBytesAsync(_folder["a.vmdk"], Token));
        await using var after = await Images.OpenAsync(_folder["a.vmdk"]);
        Assert.Null(after.Info.ContentId);
    }

    [Fact]
    public async Task Reopen_ImageOfQemu_IsRefused()
    {
        Tool.Require("qemu-img");
        foreach (var subformat in new[] { "monolithicSparse", "streamOptimized", "monolithicFlat" })
        {
            await Tool.RunAsync("qemu-img", "create", "-f", "vmdk", "-o", $"subformat={subformat}", _folder[subformat + ".vmdk"], "3M");
            var delta = new DiskImageDelta { Changed = [new DiskRange(0, 512)], DeltaId = Guid.NewGuid() };
            await Images.FailsAsync(DiskImageErrors.UnsupportedVariant, async () => await DiskImage.ReopenAsync(_folder[subformat + ".vmdk"], DiskImageFormat.Vmdk, delta, Token));
        }
    }

    [Fact]
    public async Task Reopen_AfterRenaming_KeepsTheNameInTheDescriptor()
    {
        await WriteAsync(Plan(3 << 20, DiskImageVariant.MonolithicSparse) with { Allocated = [new DiskRange(0, 512)] });
        File.Move(_folder["a.vmdk"], _folder["b.vmdk"]);
        var delta = new DiskImageDelta { Changed = [new DiskRange(1 << 20, 512)], DeltaId = Guid.NewGuid() };
        await using (var writer = await DiskImage.ReopenAsync(_folder["b.vmdk"], DiskImageFormat.Vmdk, delta, Token))
        {
            await writer.WriteAsync(1 << 20, Enumerable.Repeat((byte)7, 512).ToArray(), Token);
            await writer.CompleteAsync(Token);
        }

        File.Move(_folder["b.vmdk"], _folder["a.vmdk"]);
        await AssertContentAsync([new DiskRange(0, 512)]);
        Tool.Require("qemu-img");
        await Tool.RunAsync("qemu-img", "check", _folder["a.vmdk"]);
    }

    [Fact]
    public async Task CreateOrContinue_MoreThan2TiBOfData_IsRefused()
    {
        var plan = Plan(3L << 40, DiskImageVariant.MonolithicSparse) with { Allocated = [new DiskRange(0, (2L << 40) - (1 << 20))] };
        await Assert.ThrowsAsync<ArgumentException>(async () => await DiskImage.CreateOrContinueAsync(_folder["a.vmdk"], plan, Token));
        Assert.False(File.Exists(_folder["a.vmdk"]));
    }

    [Fact]
    public async Task Convert_FlatThatIsLeftOrTakesPlace_IsHandledAsOneImage()
    {
        await File.WriteAllBytesAsync(_folder["s.raw"], [.. Enumerable.Repeat((byte)3, 1 << 20)], Token);
        await File.WriteAllTextAsync(_folder["a-flat.vmdk"], "precious", Token);
        var options = new ImageConvertOptions { Variant = DiskImageVariant.MonolithicFlat, DiskId = DiskId };
        await using var raw = await Images.OpenAsync(_folder["s.raw"], DiskImageFormat.Raw);
        await Images.FailsAsync(DiskImageErrors.Exists, () => ImageConverter.ConvertAsync(raw, _folder["a.vmdk"], DiskImageFormat.Vmdk, options, cancellationToken: Token));
        Assert.Equal("precious", await File.ReadAllTextAsync(_folder["a-flat.vmdk"], Token));
        Assert.False(File.Exists(_folder["a.vmdk"]));

        await ImageConverter.ConvertAsync(raw, _folder["a.vmdk"], DiskImageFormat.Vmdk, options with { Overwrite = true }, cancellationToken: Token);
        await ImageConverter.ConvertAsync(raw, _folder["a.vmdk"], DiskImageFormat.Vmdk, options with { Overwrite = true }, cancellationToken: Token);
        Assert.Equal(["a-flat.vmdk", "a.vmdk", "s.raw"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        await using var image = await Images.OpenAsync(_folder["a.vmdk"]);
        Assert.True((await ImageComparer.CompareAsync(raw, image, cancellationToken: Token)).IsIdentical);
    }

    private static DiskImagePlan Plan(long capacity, DiskImageVariant variant) =>
        new() { Format = DiskImageFormat.Vmdk, Variant = variant, Capacity = capacity, Allocated = [], DiskId = DiskId };

    private static async Task<uint> EntryAsync(FileStream file, long directorySector, long grain)
    {
        var entry = new byte[4];
        file.Position = (directorySector * Sector) + (grain / 512 * 4);
        await file.ReadExactlyAsync(entry, Token);
        file.Position = ((long)BitConverter.ToUInt32(entry) * Sector) + (grain % 512 * 4);
        await file.ReadExactlyAsync(entry, Token);
        Assert.NotEqual(0u, BitConverter.ToUInt32(entry));
        return BitConverter.ToUInt32(entry);
    }

    private async Task WriteAsync(DiskImagePlan plan, string? contentId = null)
    {
        await using var writer = await DiskImage.CreateOrContinueAsync(_folder["a.vmdk"], plan, Token);
        foreach (var (range, i) in plan.Allocated.Select((r, i) => (r, i)))
        {
            await writer.WriteAsync(range.Offset, Enumerable.Repeat((byte)(i + 1), (int)range.Length).ToArray(), Token);
        }

        await (contentId is null ? writer.CompleteAsync(Token) : writer.CompleteAsync(contentId, Token));
    }

    private async Task AssertContentAsync(DiskRange[] ranges)
    {
        await using var reader = await Images.OpenAsync(_folder["a.vmdk"]);
        for (var i = 0; i < ranges.Length; i++)
        {
            var buffer = new byte[ranges[i].Length];
            await reader.ReadAsync(ranges[i].Offset, buffer, Token);
            Assert.Equal(-1, buffer.AsSpan().IndexOfAnyExcept((byte)(i + 1)));
        }
    }
}
