using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Vmdk;

/// <summary>Delta disks over their parents.</summary>
public sealed class VmdkChainTests : IDisposable
{
    private const int MiB = 1 << 20;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("monolithicSparse", "monolithicSparse", "off", 40L * MiB, 1)]
    [InlineData("monolithicSparse", "monolithicSparse", "on", (33L * MiB) + (7 * 512), 2)]
    [InlineData("monolithicFlat", "monolithicSparse", "on", 20L * MiB, 3)]
    [InlineData("twoGbMaxExtentSparse", "twoGbMaxExtentSparse", "on", (5L << 30) + 512, 4)]
    [InlineData("streamOptimized", "monolithicSparse", "on", 20L * MiB, 5)]
    public async Task Open_ChainOfQemu_HasTheSameContent(string baseFormat, string childFormat, string zeroedGrains, long capacity, int seed)
    {
        Tool.Require("qemu-io");
        var random = new Random(seed);
        await WriteRawAsync(_folder["a.raw"], capacity, random);
        await Tool.RunAsync("qemu-img", "convert", "-f", "raw", "-O", "vmdk", "-o", $"subformat={baseFormat}", _folder["a.raw"], _folder["base.vmdk"]);
        var below = "base.vmdk";
        foreach (var name in new[] { "one.vmdk", "two.vmdk", "three.vmdk" })
        {
            await CreateChildAsync(below, name, $"zeroed_grain={zeroedGrains},subformat={childFormat}");
            await ChangeAsync(name, capacity, zeroedGrains == "on", random);
            below = name;
        }

        await using var image = await Images.OpenAsync(_folder["three.vmdk"]);
        await Tool.RunAsync("qemu-img", "convert", "-f", "vmdk", "-O", "raw", _folder["three.vmdk"], _folder["b.raw"]);
        await using var raw = await Images.OpenAsync(_folder["b.raw"], DiskImageFormat.Raw);

        Assert.Equal(capacity, image.Capacity);
        Assert.Equal(["three.vmdk", "two.vmdk", "one.vmdk", "base.vmdk"], image.Info.Files.Where(f => !f.Contains('-', StringComparison.Ordinal)));
        Assert.Equal(image.Info.Files, image.Pins.Select(p => p.Name));
        Assert.Equal(baseFormat, image.Info.Parent!.Parent!.Parent!.Variant);
        Assert.Equal(image.Info.Parent.Properties["cid"], image.Info.Properties["parentCid"]);
        Assert.True((await ImageComparer.CompareAsync(raw, image, cancellationToken: Token)).IsIdentical);
        await VmdkReads.AssertExtentsAsync(image, raw);
        await VmdkReads.AssertRandomReadsAsync(raw, image, random);

        await ImageConverter.ConvertAsync(image, _folder["b.vhdx"], DiskImageFormat.Vhdx, cancellationToken: Token);
        await Tool.RunAsync("qemu-img", "compare", "-f", "raw", "-F", "vhdx", _folder["b.raw"], _folder["b.vhdx"]);
    }

    [Fact]
    public async Task Open_ZeroedGrain_HidesTheParent()
    {
        Tool.Require("qemu-io");
        await CreateBaseAsync("base.vmdk", 1);
        await CreateChildAsync("base.vmdk", "child.vmdk", "zeroed_grain=on");
        await Tool.RunAsync("qemu-io", "-f", "vmdk", "-c", "write -z 1M 128k", "-c", "write -P 9 2M 64k", _folder["child.vmdk"]);

        await using var image = await Images.OpenAsync(_folder["child.vmdk"]);
        var bytes = new byte[4 * MiB];
        await image.ReadAsync(0, bytes, Token);

        Assert.Equal(-1, bytes.AsSpan(MiB, 131072).IndexOfAnyExcept((byte)0));
        Assert.Equal(-1, bytes.AsSpan(2 * MiB, 65536).IndexOfAnyExcept((byte)9));
        Assert.Equal(-1, bytes.AsSpan(0, MiB).IndexOfAnyExcept((byte)1));
        Assert.Equal(
            [(0L, (long)MiB, ExtentKind.Data), (MiB, 131072L, ExtentKind.Zero), (MiB + 131072L, (4L * MiB) - MiB - 131072, ExtentKind.Data)],
            await image.GetExtentsAsync(0, image.Capacity, Token).Select(e => (e.Offset, e.Length, e.Kind)).ToListAsync(Token));
    }

    [Fact]
    public async Task Open_ParentThatChanged_NamesBothContents()
    {
        Tool.Require("qemu-io");
        await CreateBaseAsync("base.vmdk", 1);
        await CreateChildAsync("base.vmdk", "child.vmdk");
        var text = await File.ReadAllTextAsync(_folder["base.vmdk"], Token);
        var cid = System.Text.RegularExpressions.Regex.Match(text, "(?<=\nCID=)[0-9a-f]+").Value;
        await File.WriteAllTextAsync(_folder["base.vmdk"], text.Replace($"\nCID={cid}", "\nCID=123", StringComparison.Ordinal), Token);

        var e = await Images.FailsAsync(DiskImageErrors.Corrupt, () => Images.OpenAsync(_folder["child.vmdk"]));

        foreach (var part in new[] { "child.vmdk", "base.vmdk", cid.PadLeft(8, '0'), "00000123" })
        {
            Assert.Contains(part, e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task VerifyUnchanged_ParentThatIsTouched_IsAnError()
    {
        Tool.Require("qemu-io");
        await CreateBaseAsync("base.vmdk", 1);
        await CreateChildAsync("base.vmdk", "child.vmdk");
        await using var image = await Images.OpenAsync(_folder["child.vmdk"]);
        await image.VerifyUnchangedAsync(Token);

        File.SetLastWriteTimeUtc(_folder["base-flat.vmdk"], DateTime.UnixEpoch);

        await Images.FailsAsync(DiskImageErrors.SourceChanged, async () => await image.VerifyUnchangedAsync(Token));
    }

    [Theory]
    [InlineData("none.vmdk", DiskImageErrors.MissingFile, "\"none.vmdk\", which is not there")]
    [InlineData("", DiskImageErrors.Corrupt, "does not name it")]
    [InlineData(null, DiskImageErrors.Corrupt, "does not name it")]
    [InlineData("child.vmdk", DiskImageErrors.Corrupt, "its own parent")]
    [InlineData("raw.bin", DiskImageErrors.UnknownFormat, "not a Vmdk")]
    public async Task Open_ParentThatCannotBe_SaysWhy(string? hint, string code, string words)
    {
        await File.WriteAllBytesAsync(_folder["raw.bin"], new byte[512], Token);
        await WriteChildAsync("child.vmdk", hint);

        var e = await Images.FailsAsync(code, () => Images.OpenAsync(_folder["child.vmdk"]));

        Assert.Contains(words, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(32, true)]
    [InlineData(63, true)]
    [InlineData(64, false)]
    public async Task Open_LongChain_IsReadUpToALimit(int children, bool readable)
    {
        await File.WriteAllTextAsync(_folder["0.vmdk"], VmdkText.Descriptor("custom", "RW 1 FLAT \"one.bin\" 0", cid: "7"), Token);
        await File.WriteAllBytesAsync(_folder["one.bin"], [.. Enumerable.Repeat((byte)5, 512)], Token);
        await File.WriteAllBytesAsync(_folder["empty.bin"], new CowdFileBuilder(1, 1).Build(new Random(1)), Token);
        for (var i = 1; i <= children; i++)
        {
            await File.WriteAllTextAsync(_folder[$"{i}.vmdk"], VmdkText.Descriptor("vmfsSparse", "RW 1 VMFSSPARSE \"empty.bin\"", "7", "7", $"{i - 1}.vmdk"), Token);
        }

        if (!readable)
        {
            await Images.FailsAsync(DiskImageErrors.Corrupt, () => Images.OpenAsync(_folder[$"{children}.vmdk"]));
            return;
        }

        await using var image = await Images.OpenAsync(_folder[$"{children}.vmdk"]);
        var bytes = new byte[512];
        await image.ReadAsync(0, bytes, Token);
        Assert.Equal(-1, bytes.AsSpan().IndexOfAnyExcept((byte)5));
        Assert.Equal((2 * children) + 2, image.Pins.Count);
    }

    [Fact]
    public async Task Open_ChildLargerThanItsParent_IsZeroBehindIt()
    {
        await File.WriteAllTextAsync(_folder["base.vmdk"], VmdkText.Descriptor("custom", "RW 3 FLAT \"one.bin\" 0", cid: "7"), Token);
        await File.WriteAllBytesAsync(_folder["one.bin"], [.. Enumerable.Repeat((byte)5, 3 * 512)], Token);
        await File.WriteAllBytesAsync(_folder["delta.bin"], new CowdFileBuilder(10, 2).Set(0, new byte[1024]).Build(new Random(1)), Token);
        await File.WriteAllTextAsync(_folder["child.vmdk"], VmdkText.Descriptor("vmfsSparse", "RW 10 VMFSSPARSE \"delta.bin\"", "7", "7", "base.vmdk"), Token);

        await using var image = await Images.OpenAsync(_folder["child.vmdk"]);
        var bytes = new byte[5120];
        await image.ReadAsync(0, bytes, Token);

        byte[] expected = [.. new byte[1024], .. Enumerable.Repeat((byte)5, 512), .. new byte[3584]];
        Assert.Equal(expected, bytes);
        Assert.Equal(
            [(0L, 1536L, ExtentKind.Data), (1536L, 3584L, ExtentKind.Unallocated)],
            await image.GetExtentsAsync(0, image.Capacity, Token).Select(e => (e.Offset, e.Length, e.Kind)).ToListAsync(Token));
    }

    [Fact]
    public async Task Open_DeltaOfSeveralExtents_ReadsTheParentAtTheRightPlace()
    {
        var content = new byte[6 * 512];
        new Random(4).NextBytes(content);
        await File.WriteAllBytesAsync(_folder["one.bin"], content, Token);
        await File.WriteAllTextAsync(_folder["base.vmdk"], VmdkText.Descriptor("custom", "RW 6 FLAT \"one.bin\" 0", cid: "7"), Token);
        await File.WriteAllBytesAsync(_folder["d1.bin"], new CowdFileBuilder(2, 1).Set(1, new byte[512]).Build(new Random(1)), Token);
        await File.WriteAllBytesAsync(_folder["d2.bin"], new CowdFileBuilder(3, 1).Set(0, new byte[512]).Build(new Random(1)), Token);
        await File.WriteAllTextAsync(
            _folder["child.vmdk"], VmdkText.Descriptor("vmfsSparse", "RW 2 VMFSSPARSE \"d1.bin\"\nRW 1 ZERO\nRW 3 VMFSSPARSE \"d2.bin\"", "7", "7", "base.vmdk"), Token);

        await using var image = await Images.OpenAsync(_folder["child.vmdk"]);
        var bytes = new byte[content.Length];
        await image.ReadAsync(0, bytes, Token);

        content.AsSpan(512, 512 * 3).Clear();
        Assert.Equal(content, bytes);
    }

    /// <summary>A flat disk of 4 MiB filled with one byte.</summary>
    private async Task CreateBaseAsync(string name, byte fill)
    {
        await Tool.RunAsync("qemu-img", "create", "-f", "vmdk", "-o", "subformat=monolithicFlat", _folder[name], "4M");
        await Tool.RunAsync("qemu-io", "-f", "vmdk", "-c", $"write -P {fill} 0 4M", _folder[name]);
    }

    private Task<string> CreateChildAsync(string parent, string name, string options = "zeroed_grain=off") => Tool.RunAsync(
        "sh", "-c", $"cd '{_folder.Path}' && qemu-img create -f vmdk -b {parent} -F vmdk -o {options} {name}");

    private async Task ChangeAsync(string name, long capacity, bool zeroes, Random random)
    {
        var commands = new List<string>();
        for (var i = 0; i < 8; i++)
        {
            // Whole grains only when they become zero: QEMU cannot zero parts of them.
            var (unit, length) = zeroes && i % 3 == 2 ? (65536, random.Next(1, 8) * 65536) : (512, random.Next(1, 600) * 512);
            var offset = random.NextInt64((capacity - length) / unit) * unit;
            commands.AddRange(["-c", unit == 512 ? $"write -P {random.Next(1, 256)} {offset} {length}" : $"write -z {offset} {length}"]);
        }

        await Tool.RunAsync("qemu-io", ["-f", "vmdk", .. commands, _folder[name]]);
    }

    private Task WriteChildAsync(string name, string? parent) =>
        File.WriteAllTextAsync(_folder[name], VmdkText.Descriptor("custom", "RW 1 ZERO", "7", "7", parent), Token);

    private static async Task WriteRawAsync(string path, long capacity, Random random)
    {
        await using var file = File.Create(path);
        file.SetLength(capacity);
        for (var i = 0; i < 10; i++)
        {
            var bytes = new byte[random.Next(1, 300_000)];
            random.NextBytes(bytes);
            file.Position = i switch { 0 => 0, 1 => capacity - bytes.Length, _ => random.NextInt64(capacity - bytes.Length) };
            await file.WriteAsync(bytes, Token);
        }
    }
}
