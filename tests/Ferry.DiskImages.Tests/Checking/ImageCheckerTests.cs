using System.Buffers.Binary;
using Ferry.DiskImages.Checking;
using Ferry.DiskImages.Tests.Support;
using Ferry.DiskImages.Tests.Writing;
using Xunit;

namespace Ferry.DiskImages.Tests.Checking;

public sealed class ImageCheckerTests : IDisposable
{
    private const int MiB = 1 << 20;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("vmdk", "subformat=monolithicSparse")]
    [InlineData("vmdk", "subformat=streamOptimized")]
    [InlineData("vmdk", "subformat=monolithicFlat")]
    [InlineData("vmdk", "subformat=twoGbMaxExtentSparse")]
    [InlineData("vmdk", "subformat=twoGbMaxExtentFlat")]
    [InlineData("vpc", "subformat=dynamic")]
    [InlineData("vpc", "subformat=fixed")]
    [InlineData("vhdx", "subformat=dynamic")]
    [InlineData("vhdx", "subformat=fixed")]
    [InlineData("vdi", "static=off")]
    [InlineData("vdi", "static=on")]
    [InlineData("qcow2", "compat=1.1")]
    [InlineData("qcow2", "compat=0.10,cluster_size=512")]
    [InlineData("qcow2", "extended_l2=on,refcount_bits=1")]
    [InlineData("qcow2", "refcount_bits=64,cluster_size=2M")]
    public async Task Check_ImageOfQemu_IsCleanAndItsStructureIsKnown(string format, string options)
    {
        Tool.Require("qemu-img");
        await WriteRawAsync((35 * MiB) + 512);
        await Tool.RunAsync("qemu-img", "convert", "-f", "raw", "-O", format, "-o", options, _folder["a.raw"], _folder["a.img"]);

        await AssertCleanAsync();
    }

    [Theory]
    [MemberData(nameof(WritableVariants.All), MemberType = typeof(WritableVariants))]
    public async Task Check_ImageOfFerry_IsCleanAndUsesAllOfItsFiles(DiskImageFormat format, DiskImageVariant variant)
    {
        await WriteRawAsync((35 * MiB) + 512);
        await using (var raw = await Images.OpenAsync(_folder["a.raw"], DiskImageFormat.Raw))
        {
            var options = new ImageConvertOptions { Variant = variant, Durable = false };
            await ImageConverter.ConvertAsync(raw, _folder["a.img"], format, options, cancellationToken: Token);
        }

        var result = await AssertCleanAsync(format);
        Assert.Equal(0, result.LeakedBytes);
    }

    /// <summary>Two grains, blocks at one place: the second entry of the table gets the value of the first.</summary>
    [Theory]
    [InlineData("vmdk")]
    [InlineData("vpc")]
    [InlineData("vhdx")]
    [InlineData("vdi")]
    [InlineData("qcow2")]
    public async Task Check_TwoBlocksAtOnePlace_IsAnErrorAndALeak(string format)
    {
        await ConvertAsync(format, 20 * MiB, bytes => Array.Fill(bytes, (byte)1));
        await using (var file = File.Open(_folder["a.img"], FileMode.Open))
        {
            var (table, size) = await TableAsync(file, format);
            var entry = new byte[size];
            file.Position = table;
            await file.ReadExactlyAsync(entry, Token);
            file.Position = table + size;
            await file.WriteAsync(entry, Token);
        }

        await using var reader = await Images.OpenAsync(_folder["a.img"]);
        var result = await ImageChecker.CheckAsync(reader, cancellationToken: Token);

        var error = Assert.Single(result.Errors);
        Assert.Equal(DiskImageErrors.Corrupt, error.Code);
        Assert.Contains("something else", error.Message, StringComparison.Ordinal);
        Assert.Equal("a.img", error.File);
        Assert.True(result.LeakedBytes > 0, "The place of the second block belongs to nothing now.");
    }

    [Theory]
    [InlineData("vmdk")]
    [InlineData("vpc")]
    [InlineData("vhdx")]
    [InlineData("vdi")]
    [InlineData("qcow2")]
    public async Task Check_BlockBehindTheEnd_IsAnError(string format)
    {
        await ConvertAsync(format, 20 * MiB, bytes => Array.Fill(bytes, (byte)1));
        await using (var file = File.Open(_folder["a.img"], FileMode.Open))
        {
            // A VHD has its footer there, without which it is none.
            var keep = format == "vpc" ? 512 : 0;
            var end = new byte[keep];
            file.Position = file.Length - keep;
            await file.ReadExactlyAsync(end, Token);
            file.SetLength(file.Length - (6 * MiB));
            file.Position = file.Length - keep;
            await file.WriteAsync(end, Token);
        }

        await using var reader = await Images.OpenAsync(_folder["a.img"]);
        var result = await ImageChecker.CheckAsync(reader, cancellationToken: Token);

        Assert.NotEmpty(result.Errors);
        Assert.Contains(result.Errors, e => e.Code is DiskImageErrors.Truncated);
    }

    [Fact]
    public async Task Check_RefcountOfAUsedClusterIsZero_IsAnErrorAsForQemu()
    {
        await ConvertAsync("qcow2", 20 * MiB, bytes => Array.Fill(bytes, (byte)1));
        await using (var file = File.Open(_folder["a.img"], FileMode.Open))
        {
            // The first refcount block: clusters 7 and 9.
            var entry = new byte[8];
            file.Position = 48;
            await file.ReadExactlyAsync(entry, Token);
            file.Position = BinaryPrimitives.ReadInt64BigEndian(entry);
            await file.ReadExactlyAsync(entry, Token);
            foreach (var cluster in new[] { 7, 9 })
            {
                file.Position = BinaryPrimitives.ReadInt64BigEndian(entry) + (cluster * 2);
                await file.WriteAsync(new byte[2], Token);
            }
        }

        await using var reader = await Images.OpenAsync(_folder["a.img"]);
        var result = await ImageChecker.CheckAsync(reader, cancellationToken: Token);
        Assert.Equal([7L * 65536, 9L * 65536], result.Errors.Select(e => e.Offset!.Value));
        Assert.Equal(2, (await Tool.TryRunAsync("qemu-img", "check", _folder["a.img"])).Code);
    }

    /// <summary>4 Mi L1 entries that lead to one table: 2^35 clusters, each of them at the same place.</summary>
    [Fact]
    public async Task Check_TablesThatLeadToOnePlace_EndsSoon()
    {
        const int Entries = 4 << 20;
        await Tool.RunAsync("qemu-img", "create", "-f", "qcow2", _folder["a.img"], "16M");
        await using (var file = File.Open(_folder["a.img"], FileMode.Open))
        {
            var bytes = new byte[8];
            BinaryPrimitives.WriteInt64BigEndian(bytes, (long)Entries << 29);
            file.Position = 24;
            await file.WriteAsync(bytes, Token);
            BinaryPrimitives.WriteInt32BigEndian(bytes, Entries);
            file.Position = 36;
            await file.WriteAsync(bytes.AsMemory(0, 4), Token);
            BinaryPrimitives.WriteInt64BigEndian(bytes, MiB);
            file.Position = 40;
            await file.WriteAsync(bytes, Token);
            var table = new byte[Entries * 8];
            for (var i = 0; i < Entries; i++)
            {
                BinaryPrimitives.WriteInt64BigEndian(table.AsSpan(i * 8), 40L * MiB);
            }

            file.Position = MiB;
            await file.WriteAsync(table, Token);
            file.SetLength(41L * MiB);
        }

        await using var reader = await Images.OpenAsync(_folder["a.img"]);
        var result = await ImageChecker.CheckAsync(reader, readData: true, Token).WaitAsync(TimeSpan.FromSeconds(60), Token);
        Assert.InRange(result.ErrorCount, 1000, 20_000);
        Assert.Equal(ImageChecker.MaximumErrors, result.Errors.Count);
    }

    [Fact]
    public async Task Check_DamagedGrain_IsFoundByReadingTheData()
    {
        await ConvertAsync("vmdk", 4 * MiB, bytes => new Random(3).NextBytes(bytes), "subformat=streamOptimized");
        await using (var file = File.Open(_folder["a.img"], FileMode.Open))
        {
            foreach (var part in new[] { 3, 5 })
            {
                file.Position = file.Length * part / 7;
                await file.WriteAsync(new byte[2000], Token);
            }
        }

        await using var reader = await Images.OpenAsync(_folder["a.img"]);
        Assert.True((await ImageChecker.CheckAsync(reader, cancellationToken: Token)).IsClean);
        var result = await ImageChecker.CheckAsync(reader, readData: true, Token);
        Assert.Equal(2, result.ErrorCount);
        Assert.All(result.Errors, e => Assert.Equal(DiskImageErrors.Corrupt, e.Code));
    }

    [Fact]
    public async Task Check_FileThatIsLongerThanItNeedsToBe_IsALeakOnly()
    {
        await ConvertAsync("vhdx", 4 * MiB, bytes => bytes[0] = 1);
        await using (var file = File.Open(_folder["a.img"], FileMode.Open))
        {
            file.SetLength(file.Length + (5 * MiB));
        }

        await using var reader = await Images.OpenAsync(_folder["a.img"]);
        var result = await ImageChecker.CheckAsync(reader, cancellationToken: Token);
        Assert.True(result.IsClean);
        Assert.InRange(result.LeakedBytes, 5 * MiB, 10 * MiB);
    }

    [Fact]
    public void SectorMap_RandomRanges_AgreesWithAList()
    {
        var random = new Random(8);
        const int Sectors = 1000;
        var map = new SectorMap(Sectors);
        var expected = new bool[Sectors];
        for (var i = 0; i < 40; i++)
        {
            var first = random.Next(Sectors);
            var end = Math.Min(Sectors, first + random.Next(0, 140));
            Assert.Equal(expected.AsSpan(first, end - first).Contains(true), map.Take(first, end));
            expected.AsSpan(first, end - first).Fill(true);
            for (long at = 0; at < Sectors;)
            {
                var (isTaken, stop) = map.RunFrom(at);
                Assert.Equal(expected[at], isTaken);
                Assert.Equal(-1, Array.IndexOf(expected, !isTaken, (int)at, (int)(stop - at)));
                Assert.True(stop == Sectors || expected[stop] != isTaken);
                at = stop;
            }
        }
    }

    private async Task<ImageCheckResult> AssertCleanAsync(DiskImageFormat? format = null)
    {
        await using var reader = await Images.OpenAsync(_folder["a.img"], format == DiskImageFormat.Raw ? format : null);
        Assert.True(reader is IDiskImageStructure, "The reader does not say what its image uses.");
        foreach (var readData in new[] { false, true })
        {
            var found = await ImageChecker.CheckAsync(reader, readData, Token);
            Assert.True(found.IsClean, string.Join('\n', found.Errors));
            Assert.InRange(found.AllocatedBytes, 1, reader.Capacity);
            Assert.Equal(reader.Info.Files.Sum(name => new FileInfo(_folder[name]).Length), found.FileBytes);
        }

        return await ImageChecker.CheckAsync(reader, cancellationToken: Token);
    }

    private async Task ConvertAsync(string format, int capacity, Action<byte[]> fill, string options = "")
    {
        Tool.Require("qemu-img");
        var bytes = new byte[capacity];
        fill(bytes);
        await File.WriteAllBytesAsync(_folder["a.raw"], bytes, Token);
        string[] more = options.Length == 0 ? [] : ["-o", options];
        await Tool.RunAsync("qemu-img", ["convert", "-f", "raw", "-O", format, .. more, _folder["a.raw"], _folder["a.img"]]);
    }

    private async Task WriteRawAsync(int capacity)
    {
        await using var file = File.Create(_folder["a.raw"]);
        file.SetLength(capacity);
        foreach (var at in new[] { 0, 5 * MiB, (5 * MiB) + 100_000, 20 * MiB, capacity - 100 })
        {
            file.Position = at;
            await file.WriteAsync(new byte[] { 1, 2, 3 }, Token);
        }
    }

    /// <summary>Where the entry of the first block stands, and the bytes from one to the next.</summary>
    private static async Task<(long Table, int Size)> TableAsync(FileStream file, string format)
    {
        switch (format)
        {
            case "vmdk":
                var directory = await ReadAsync(56, 8) * 512;
                return (await ReadAsync(directory, 4) * 512, 4);
            case "vdi":
                return (await ReadAsync(0x154, 4), 4);
            case "qcow2":
                var l2 = BinaryPrimitives.ReverseEndianness(await ReadAsync(BinaryPrimitives.ReverseEndianness(await ReadAsync(40, 8)), 8));
                return (l2 & 0x00ff_ffff_ffff_fe00, 8);
            case "vpc":
                return (BinaryPrimitives.ReverseEndianness((long)await ReadAsync(512 + 16, 8)), 4);
            default:
                // The region table: the block allocation table is the one that QEMU names first.
                return (await ReadAsync((192 * 1024) + 16 + 16, 8), 8);
        }

        async Task<long> ReadAsync(long offset, int size)
        {
            var bytes = new byte[8];
            file.Position = offset;
            await file.ReadExactlyAsync(bytes.AsMemory(0, size), Token);
            return BinaryPrimitives.ReadInt64LittleEndian(bytes);
        }
    }
}
