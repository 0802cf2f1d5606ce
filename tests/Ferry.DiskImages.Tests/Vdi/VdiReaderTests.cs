using System.Diagnostics;
using Ferry.DiskImages.Tests.Support;
using Ferry.DiskImages.Vdi;
using Xunit;

namespace Ferry.DiskImages.Tests.Vdi;

public sealed class VdiReaderTests : IDisposable
{
    private const int MiB = 1 << 20;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("off", "dynamic", 40L * MiB, 1)]
    [InlineData("off", "dynamic", (7L * MiB) + 512, 2)]
    [InlineData("off", "dynamic", 512L, 3)]
    [InlineData("off", "dynamic", (3L << 40) + (5 * 512), 4)]
    [InlineData("on", "fixed", 9L * MiB, 5)]
    [InlineData("on", "fixed", (4L * MiB) - 512, 6)]
    public async Task Open_ImageOfQemu_HasTheSameContent(string isStatic, string variant, long capacity, int seed)
    {
        Tool.Require("qemu-img");
        var random = new Random(seed);
        await WriteRawAsync(_folder["a.raw"], capacity, random);
        await Tool.RunAsync("qemu-img", "convert", "-f", "raw", "-O", "vdi", "-o", $"static={isStatic}", _folder["a.raw"], _folder["a.vdi"]);

        await using var raw = await Images.OpenAsync(_folder["a.raw"], DiskImageFormat.Raw);
        await using var image = await Images.OpenAsync(_folder["a.vdi"]);

        Assert.Equal((DiskImageFormat.Vdi, variant, capacity, (long)MiB), (image.Info.Format, image.Info.Variant, image.Capacity, image.Info.BlockSize));
        Assert.Equal("QEMU VM Virtual Disk Image", image.Info.Properties["creator"]);
        Assert.True((await ImageComparer.CompareAsync(raw, image, cancellationToken: Token)).IsIdentical);
        await Images.CheckExtentsAsync(image);
        await AssertRandomReadsAsync(raw, image, random);
        await image.VerifyUnchangedAsync(Token);
    }

    [Fact]
    public async Task Open_FixedImage_TellsTheHolesOfItsFile()
    {
        Tool.Require("qemu-img");
        await Tool.RunAsync("qemu-img", "create", "-f", "vdi", "-o", "static=on", _folder["a.vdi"], "1T");
        await Tool.RunAsync("qemu-io", "-f", "vdi", "-c", "write -P 7 600G 64k", _folder["a.vdi"]);

        await using var image = await Images.OpenAsync(_folder["a.vdi"]);
        var data = await image.GetExtentsAsync(0, image.Capacity, Token).Where(e => e.Kind == ExtentKind.Data).ToListAsync(Token);

        Assert.Contains(data, e => e.Offset <= 600L << 30 && e.End >= (600L << 30) + 65536);
        Assert.InRange(data.Sum(e => e.Length), 65536, 2 * MiB);
    }

    [Fact]
    public async Task Open_SampleOfVirtualBox_HasTheContentOfSamplesMd()
    {
        var path = await Samples.UnpackAsync("davidepianca98-hoho-os/hdd.vdi.gz", _folder.Path);

        await using var image = await Images.OpenAsync(path);

        Assert.Equal((4194304, "dynamic"), (image.Capacity, image.Info.Variant));
        Assert.Equal("Oracle VM VirtualBox Disk Image", image.Info.Properties["creator"]);
        Assert.Equal("fdb27bb2d5120841c835a3907499f83836fdd2ce507dc41d58fc7b04a06e605c", await Images.HashAsync(image, 1_000_003));
        await Images.CheckExtentsAsync(image);
    }

    [Theory]
    [InlineData(0x00010001u, VdiHeader.Size)]
    [InlineData(0x00010001u, VdiHeader.MinimumSize)]
    [InlineData(0x00010000u, VdiHeader.MinimumSize)]
    [InlineData(0x00000002u, 0)]
    public async Task Open_EveryHeaderVersion_ReadsTheSame(uint version, int headerSize)
    {
        var image = await OpenAsync(new VdiFileBuilder { Version = version, HeaderSize = (uint)headerSize, BlockExtra = version >> 16 == 0 ? 0u : 512 });
        await using (image)
        {
            var bytes = await ReadAsync(image);
            Assert.Equal(Bytes((2, 4096), (0, 8192)), bytes);
            Assert.Equal(
                [(0, 4096, ExtentKind.Data), (4096, 4096, ExtentKind.Zero), (8192, 4096, ExtentKind.Unallocated)],
                await image.GetExtentsAsync(0, image.Capacity, Token).Select(e => (e.Offset, e.Length, e.Kind)).ToListAsync(Token));
            Assert.Equal(version >> 16 == 0 ? "old" : "new", image.Info.Properties["comment"]);
        }
    }

    [Fact]
    public async Task Open_BlocksWithServiceBytes_AreReadPastThem()
    {
        await using var image = await OpenAsync(new VdiFileBuilder { BlockExtra = 1024, Map = [2, 0, 1], Places = 3 });

        Assert.Equal(Bytes((3, 4096), (1, 4096), (2, 4096)), await ReadAsync(image));
    }

    [Fact]
    public async Task Open_SizeThatIsNoWholeSector_IsRoundedUpAsByQemu()
    {
        Tool.Require("qemu-img");
        await File.WriteAllBytesAsync(_folder["a.vdi"], new VdiFileBuilder { Capacity = MiB + 700, BlockSize = MiB, Map = [0, 1] }.Build(), Token);

        await using var image = await Images.OpenAsync(_folder["a.vdi"]);
        await Tool.RunAsync("qemu-img", "convert", "-f", "vdi", "-O", "raw", _folder["a.vdi"], _folder["a.raw"]);

        Assert.Equal(MiB + 1024, image.Capacity);
        Assert.Equal(await File.ReadAllBytesAsync(_folder["a.raw"], Token), await ReadAsync(image));
    }

    [Fact]
    public async Task Open_TwoEntriesOfOnePlace_AreReadAsTheyStand()
    {
        await using var image = await OpenAsync(new VdiFileBuilder { Map = [1, 1, 0] });

        Assert.Equal(Bytes((2, 8192), (1, 4096)), await ReadAsync(image));
    }

    [Theory]
    [InlineData(4u)]
    [InlineData(3u)]
    [InlineData(1u)]
    public async Task Open_ImageWithAParent_NamesIt(uint type)
    {
        var parent = Guid.NewGuid();

        var e = await Assert.ThrowsAnyAsync<UnsupportedDiskImageException>(() => OpenAsync(new VdiFileBuilder { Type = (VdiImageType)type, Parent = parent }));

        Assert.Equal(DiskImageErrors.UnsupportedVariant, e.Code);
        Assert.Contains(parent.ToString(), e.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> HostileHeaders => new()
    {
        { "unknown version", DiskImageErrors.UnsupportedVariant },
        { "unknown minor version", DiskImageErrors.UnsupportedVariant },
        { "unknown type", DiskImageErrors.Corrupt },
        { "large sectors", DiskImageErrors.UnsupportedVariant },
        { "no size", DiskImageErrors.Corrupt },
        { "2^60 bytes", DiskImageErrors.Corrupt },
        { "2^63 bytes in blocks of 2 GiB", DiskImageErrors.Truncated },
        { "block of no size", DiskImageErrors.Corrupt },
        { "block of an odd size", DiskImageErrors.Corrupt },
        { "short header", DiskImageErrors.Corrupt },
        { "map in the header", DiskImageErrors.Corrupt },
        { "map off its boundary", DiskImageErrors.Corrupt },
        { "map behind the end", DiskImageErrors.Truncated },
        { "blocks over the map", DiskImageErrors.Corrupt },
        { "place behind the last", DiskImageErrors.Corrupt },
        { "place behind the end", DiskImageErrors.Truncated },
        { "service bytes of 4 GiB", DiskImageErrors.Truncated },
        { "data behind the end", DiskImageErrors.Truncated },
    };

    [Theory]
    [MemberData(nameof(HostileHeaders))]
    public async Task Open_HostileHeader_SaysWhy(string damage, string code)
    {
        var builder = damage switch
        {
            "unknown version" => new VdiFileBuilder { Version = 0x00020001 },
            "unknown minor version" => new VdiFileBuilder { Version = 0x00010002 },
            "unknown type" => new VdiFileBuilder { Type = (VdiImageType)9 },
            "large sectors" => new VdiFileBuilder { SectorSize = 4096 },
            "no size" => new VdiFileBuilder { Capacity = 0 },
            "2^60 bytes" => new VdiFileBuilder { Capacity = 1UL << 60 },
            "2^63 bytes in blocks of 2 GiB" => new VdiFileBuilder { Capacity = 1UL << 62, BlockSize = 1u << 31, BlockCount = uint.MaxValue },
            "block of no size" => new VdiFileBuilder { BlockSize = 0 },
            "block of an odd size" => new VdiFileBuilder { BlockSize = 4097 },
            "short header" => new VdiFileBuilder { HeaderSize = VdiHeader.MinimumSize - 1 },
            "map in the header" => new VdiFileBuilder { MapOffset = 400 },
            "map off its boundary" => new VdiFileBuilder { MapOffset = 514 },
            "map behind the end" => new VdiFileBuilder { MapOffset = uint.MaxValue - 3, DataOffset = 1024, Places = 0 },
            "blocks over the map" => new VdiFileBuilder { DataOffset = 520 },
            "place behind the last" => new VdiFileBuilder { Map = [3, 0, 0], Places = 4 },
            "place behind the end" => new VdiFileBuilder { Map = [2, 0, 0] },
            "service bytes of 4 GiB" => new VdiFileBuilder { BlockExtra = uint.MaxValue - 4096, Places = 0 },
            _ => new VdiFileBuilder { DataOffset = uint.MaxValue, Places = 0 },
        };

        var started = Stopwatch.GetTimestamp();
        await Images.FailsAsync(code, async () =>
        {
            await using var image = await OpenAsync(builder);
            await ReadAsync(image);
        });
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData(71)]
    [InlineData(72)]
    [InlineData(455)]
    [InlineData(520)]
    [InlineData(9215)]
    public async Task Open_FileThatIsCutOff_IsRefused(int length)
    {
        await File.WriteAllBytesAsync(_folder["a.vdi"], new VdiFileBuilder().Build()[..length], Token);

        await Images.FailsAsync(length < VdiPreHeader.Size ? DiskImageErrors.UnknownFormat : DiskImageErrors.Truncated, async () =>
        {
            await using var image = await Images.OpenAsync(_folder["a.vdi"]);
            await ReadAsync(image);
        });
    }

    private static byte[] Bytes(params (byte Value, int Count)[] runs) => [.. runs.SelectMany(r => Enumerable.Repeat(r.Value, r.Count))];

    private async Task<IDiskImageReader> OpenAsync(VdiFileBuilder builder)
    {
        await File.WriteAllBytesAsync(_folder["a.vdi"], builder.Build(), Token);
        return await Images.OpenAsync(_folder["a.vdi"]);
    }

    private static async Task<byte[]> ReadAsync(IDiskImageReader image)
    {
        var bytes = new byte[Math.Min(image.Capacity, 8 * MiB)];
        await image.ReadAsync(0, bytes, Token);
        return bytes;
    }

    private static async Task WriteRawAsync(string path, long capacity, Random random)
    {
        await using var file = File.Create(path);
        file.SetLength(capacity);
        for (var i = 0; i < 12; i++)
        {
            var bytes = new byte[Math.Min(capacity, random.Next(1, 300_000))];
            random.NextBytes(bytes);
            file.Position = i switch { 0 => 0, 1 => capacity - bytes.Length, _ => random.NextInt64(capacity - bytes.Length + 1) };
            await file.WriteAsync(bytes, Token);
        }
    }

    private static async Task AssertRandomReadsAsync(IDiskImageReader expected, IDiskImageReader actual, Random random)
    {
        await Parallel.ForAsync(0, 200, Token, async (_, token) =>
        {
            int length;
            long offset;
            lock (random)
            {
                length = (int)Math.Min(expected.Capacity, random.Next(1, random.Next(2) == 0 ? 5000 : 4 * MiB));
                offset = random.NextInt64(expected.Capacity - length + 1);
            }

            var a = new byte[length];
            var b = new byte[length];
            await expected.ReadAsync(offset, a, token);
            await actual.ReadAsync(offset, b, token);
            Assert.True(a.AsSpan().SequenceEqual(b), $"{length} bytes at {offset} differ.");
        });
    }
}
