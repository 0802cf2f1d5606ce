using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Ferry.DiskImages.Tests.Support;
using Ferry.DiskImages.Vmdk;
using Xunit;

namespace Ferry.DiskImages.Tests.Vmdk;

/// <summary>The structure of a streamOptimized VMDK that Ferry writes, read from front to back as a program that cannot seek does.</summary>
public sealed class VmdkStreamTests : IDisposable
{
    private const int Sector = 512;
    private const int Grain = 65536;
    private const long TableSpan = 512L * Grain;

    private static readonly ImageConvertOptions Options = new()
    {
        Variant = DiskImageVariant.StreamOptimized, Durable = false, DiskId = Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"),
    };

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Sector)]
    [InlineData(Grain)]
    [InlineData(TableSpan)]
    [InlineData(TableSpan + Sector)]
    [InlineData((3 * TableSpan) - Sector)]
    [InlineData((130 * TableSpan) + Grain)]
    public async Task Convert_DiskOfAnySize_IsAStreamThatEndsAsVMwaresDo(long capacity)
    {
        // Something in the first, the last, and on both sides of each of the first borders of grain tables.
        var places = new SortedDictionary<long, byte[]>();
        var random = new Random((int)(capacity % 1000));
        foreach (var at in new[] { 0, TableSpan - 700, TableSpan + (5 * Grain), (2 * TableSpan) - Grain, 2 * TableSpan, capacity - 100 })
        {
            if (at >= 0 && at < capacity)
            {
                var bytes = new byte[Math.Min(1400, capacity - at)];
                random.NextBytes(bytes);
                places[at] = bytes;
            }
        }

        var path = await ConvertAsync(capacity, places);
        var grains = Walk(await File.ReadAllBytesAsync(path, Token), capacity, Path.GetFileName(path));

        Assert.Equal(places.SelectMany(p => new[] { p.Key / Grain, (p.Key + p.Value.Length - 1) / Grain }).Distinct().Order(), grains);
        Tool.Require("qemu-img");
        await Tool.RunAsync("qemu-img", "check", path);
        await Tool.RunAsync("qemu-img", "compare", "-f", "raw", "-F", "vmdk", _folder["a.raw"], path);
    }

    [Fact]
    public async Task Convert_NoiseAndZeros_GrowsOnlyByTheStreams()
    {
        var noise = new byte[40 * Grain];
        new Random(4).NextBytes(noise);
        noise.AsSpan(7 * Grain, 2 * Grain).Clear();
        var path = await ConvertAsync(noise.Length, new SortedDictionary<long, byte[]> { [0] = noise });

        Assert.Equal(38, Walk(await File.ReadAllBytesAsync(path, Token), noise.Length, Path.GetFileName(path)).Count);
        Assert.InRange(new FileInfo(path).Length, 38 * Grain, (38 * (Grain + 1024)) + (140 * Sector));
    }

    [Theory]
    [InlineData(4096, 0)]
    [InlineData(512, 32768)]
    public async Task Convert_SectorOrGrainThatTheFormatLacks_IsRefused(int sector, int blockSize)
    {
        await File.WriteAllBytesAsync(_folder["a.raw"], new byte[1 << 20], Token);
        await using var files = Sources.LocalImageFiles.ForImage(_folder["a.raw"], out var name);
        await using var reader = await DiskImage.OpenAsync(files, name, new DiskImageOpenOptions { Format = DiskImageFormat.Raw, LogicalSectorSize = sector }, Token);
        var options = new ImageConvertOptions { Variant = DiskImageVariant.StreamOptimized, BlockSize = blockSize };

        await Assert.ThrowsAsync<ArgumentException>(() => ImageConverter.ConvertAsync(reader, _folder["a.vmdk"], DiskImageFormat.Vmdk, options, cancellationToken: Token));
        Assert.False(File.Exists(_folder["a.vmdk"]));
    }

    [Fact]
    public async Task Convert_ThatIsInterrupted_LeavesWhatIsReplaced()
    {
        var path = await ConvertAsync(3 << 20, new SortedDictionary<long, byte[]> { [0] = [1] });
        var whole = await File.ReadAllBytesAsync(path, Token);
        var mark = new byte[VmdkMark.Size];
        new VmdkMark(null).Write(mark);
        await File.WriteAllBytesAsync(path, [.. mark, .. whole[mark.Length..(whole.Length / 2)]], Token);

        await Images.FailsAsync(DiskImageErrors.Incomplete, () => Images.OpenAsync(path));
        await using var raw = await Images.OpenAsync(_folder["a.raw"], DiskImageFormat.Raw);
        await ImageConverter.ConvertAsync(raw, path, DiskImageFormat.Vmdk, Options, cancellationToken: Token);
        Assert.Equal(whole, await File.ReadAllBytesAsync(path, Token));
    }

    private async Task<string> ConvertAsync(long capacity, SortedDictionary<long, byte[]> places)
    {
        await using (var file = File.Create(_folder["a.raw"]))
        {
            file.SetLength(capacity);
            foreach (var (offset, bytes) in places)
            {
                file.Position = offset;
                await file.WriteAsync(bytes, Token);
            }
        }

        await using var raw = await Images.OpenAsync(_folder["a.raw"], DiskImageFormat.Raw);
        await ImageConverter.ConvertAsync(raw, _folder["a.vmdk"], DiskImageFormat.Vmdk, Options, cancellationToken: Token);
        return _folder["a.vmdk"];
    }

    /// <summary>Checks every sector of the file.</summary>
    /// <returns>The numbers of the grains.</returns>
    private static List<long> Walk(byte[] file, long capacity, string name)
    {
        Assert.Equal(0, file.Length % Sector);
        var header = SparseExtentHeader.Read(file);
        Assert.True(SparseExtentHeader.IsMatch(file) && SparseExtentHeader.HasIntactLineEnds(file));
        Assert.Equal(new SparseExtentHeader(3, (SparseExtentFlags)0x30001, (ulong)(capacity / Sector), 128, 1, 20, 512, 0, SparseExtentHeader.DirectoryAtEnd, 128, 1), header);
        var descriptor = Encoding.UTF8.GetString(file.AsSpan(Sector, 20 * Sector)).TrimEnd('\0');
        Assert.StartsWith("# Disk DescriptorFile\nversion=1\n", descriptor, StringComparison.Ordinal);
        Assert.Contains($"\nRDONLY {capacity / Sector} SPARSE \"{name}\"\n", descriptor, StringComparison.Ordinal);
        Assert.Contains("\ncreateType=\"streamOptimized\"\n", descriptor, StringComparison.Ordinal);
        Assert.False(file.AsSpan(21 * Sector, 107 * Sector).ContainsAnyExcept((byte)0));

        var grains = new List<long>();
        var places = new Dictionary<long, uint>();
        var tables = new SortedDictionary<long, uint>();
        var target = new byte[Grain];
        var kinds = new List<uint>();
        for (var at = 128 * Sector; at < file.Length;)
        {
            var value = BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(at));
            var size = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + 8));
            if (size > 0)
            {
                Assert.Equal(0, value % 128);
                Assert.True(grains.Count == 0 || value / 128 > grains[^1], "Grains are out of order.");
                using var zlib = new ZLibStream(new MemoryStream(file, at + 12, size), CompressionMode.Decompress);
                zlib.ReadExactly(target);
                Assert.Equal(-1, zlib.ReadByte());
                Assert.True(target.AsSpan().ContainsAnyExcept((byte)0), "A grain of zeros was written.");
                grains.Add(value / 128);
                places.Add(value / 128, (uint)(at / Sector));
                var end = (at + 12 + size + Sector - 1) / Sector * Sector;
                Assert.False(file.AsSpan(at + 12 + size, end - at - 12 - size).ContainsAnyExcept((byte)0));
                at = end;
                continue;
            }

            var type = BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 12));
            Assert.False(file.AsSpan(at + 16, Sector - 16).ContainsAnyExcept((byte)0));
            var body = file.AsSpan(at + Sector, (int)value * Sector);
            kinds.Add(type);
            switch (type)
            {
                case MetadataMarker.GrainTable:
                    // The table of the grains that came since the last one.
                    Assert.Equal(4, value);
                    var table = grains[^1] / 512;
                    tables.Add(table, (uint)(at / Sector) + 1);
                    for (var i = 0; i < 512; i++)
                    {
                        Assert.Equal(places.GetValueOrDefault((table * 512) + i), BinaryPrimitives.ReadUInt32LittleEndian(body[(i * 4)..]));
                    }

                    break;
                case MetadataMarker.GrainDirectory:
                    for (var i = 0; i < body.Length / 4; i++)
                    {
                        Assert.Equal(tables.GetValueOrDefault(i), BinaryPrimitives.ReadUInt32LittleEndian(body[(i * 4)..]));
                    }

                    Assert.True(body.Length / 4 >= (capacity + TableSpan - 1) / TableSpan);
                    header = header with { DirectoryOffset = (ulong)(at / Sector) + 1 };
                    break;
                case MetadataMarker.Footer:
                    Assert.Equal(header, SparseExtentHeader.Read(body));
                    Assert.True(SparseExtentHeader.IsMatch(body));
                    break;
                default:
                    Assert.Equal(MetadataMarker.EndOfStream, type);
                    Assert.Equal(file.Length, at + Sector);
                    break;
            }

            at += Sector + body.Length;
        }

        Assert.Equal(grains.Select(g => g / 512).Distinct(), tables.Keys);
        Assert.Equal([.. Enumerable.Repeat(MetadataMarker.GrainTable, tables.Count), MetadataMarker.GrainDirectory, MetadataMarker.Footer, MetadataMarker.EndOfStream], kinds);
        return grains;
    }
}
