using System.Diagnostics;
using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Qcow2;

/// <summary>Headers and tables that are wrong, each in one way, are refused with the reason; quickly, whatever they claim.</summary>
public sealed class Qcow2HostileTests : IDisposable
{
    private const ulong Copied = 1UL << 63;
    private const ulong Compressed = 1UL << 62;
    private const ulong Cluster = HandmadeQcow2.ClusterSize;

    private static readonly Dictionary<string, (string Code, string Message, Action<HandmadeQcow2> Change)> Headers = new()
    {
        ["version 1"] = (DiskImageErrors.UnsupportedVariant, "version 1", q => q.Version = 1),
        ["version 4"] = (DiskImageErrors.UnsupportedVariant, "version 4", q => q.Version = 4),
        ["cluster of 256 bytes"] = (DiskImageErrors.Corrupt, "2^8 ", q => q.ClusterBits = 8),
        ["cluster of 4 MiB"] = (DiskImageErrors.Corrupt, "2^22", q => q.ClusterBits = 22),
        ["cluster of 2^4294967295"] = (DiskImageErrors.Corrupt, "2^4294967295", q => q.ClusterBits = uint.MaxValue),
        ["extended entries with small clusters"] = (DiskImageErrors.Corrupt, "2^13", q => (q.ClusterBits, q.Incompatible) = (13, 16)),
        ["header too short"] = (DiskImageErrors.Corrupt, "96 bytes", q => q.HeaderLength = 96),
        ["header too long"] = (DiskImageErrors.Corrupt, "4294967288", q => q.HeaderLength = uint.MaxValue - 7),
        ["refcounts of 128 bits"] = (DiskImageErrors.Corrupt, "2^7", q => q.RefcountOrder = 7),
        ["AES"] = (DiskImageErrors.UnsupportedVariant, "AES", q => q.Encryption = 1),
        ["LUKS"] = (DiskImageErrors.UnsupportedVariant, "LUKS", q => q.Encryption = 2),
        ["snapshots"] = (DiskImageErrors.UnsupportedVariant, "internal snapshots (3)", q => q.Snapshots = 3),
        ["corrupt"] = (DiskImageErrors.Corrupt, "qemu-img check", q => q.Incompatible = 2),
        ["unknown feature"] = (DiskImageErrors.UnsupportedVariant, "bit 5, bit 63.", q => q.Incompatible = (1UL << 63) | 32),
        ["unknown feature with a name"] = (DiskImageErrors.UnsupportedVariant, "bit 7 (\"time travel\")", q => NameFeature(q, 7, "time travel").Incompatible = 128),
        ["compression type without its bit"] = (DiskImageErrors.Corrupt, "contradict", q => q.CompressionType = 1),
        ["bit without compression type"] = (DiskImageErrors.Corrupt, "contradict", q => q.Incompatible = 8),
        ["unknown compression type"] = (DiskImageErrors.UnsupportedVariant, "type 2", q => (q.CompressionType, q.Incompatible) = (2, 8)),
        ["disk of 2^60 bytes"] = (DiskImageErrors.Corrupt, "too small", q => q.DiskSize = 1UL << 60),
        ["disk of 2^60 bytes and a table for it"] = (DiskImageErrors.UnsupportedVariant, "more than QEMU", q => (q.DiskSize, q.L1Entries) = (1UL << 60, 1U << 31)),
        ["disk of 2^64 - 1 bytes"] = (DiskImageErrors.Corrupt, "too small", q => (q.DiskSize, q.L1Entries) = (ulong.MaxValue, uint.MaxValue)),
        ["L1 table behind the end"] = (DiskImageErrors.Truncated, "L1 table", q => (q.DiskSize, q.L1Entries) = (1UL << 50, 4 << 20)),
        ["L1 table far behind the end"] = (DiskImageErrors.Truncated, "L1 table", q => q.L1Offset = 1UL << 62),
        ["L1 table at an impossible place"] = (DiskImageErrors.Corrupt, "L1 table stands", q => q.L1Offset = ulong.MaxValue - 65535),
        ["L1 table upon the header"] = (DiskImageErrors.Corrupt, "L1 table stands", q => q.L1Offset = 0),
        ["L1 table that is not aligned"] = (DiskImageErrors.Corrupt, "L1 table stands", q => q.L1Offset = Cluster + 8),
        ["extension that is too long"] = (DiskImageErrors.Corrupt, "6803f857", q => q.With(0x6803f857, new byte[8], uint.MaxValue)),
        ["two names of a data file"] = (DiskImageErrors.Corrupt, "twice", q => q.With(0x44415441, "a").With(0x44415441, "b")),
        ["backing name behind the header"] = (DiskImageErrors.Corrupt, "name of the backing file", q => (q.Backing, q.BackingOffset) = ("b", Cluster)),
        ["backing name far behind the header"] = (DiskImageErrors.Corrupt, "name of the backing file", q => (q.Backing, q.BackingOffset) = ("b", ulong.MaxValue)),
        ["backing name of 1024 bytes"] = (DiskImageErrors.Corrupt, "name of the backing file", q => (q.Backing, q.BackingSize) = ("b", 1024)),
        ["backing name of no bytes"] = (DiskImageErrors.Corrupt, "name of the backing file", q => (q.Backing, q.BackingSize) = ("b", 0)),
        ["raw data file and backing file"] = (DiskImageErrors.Corrupt, "contradict", q => (q.Incompatible, q.Autoclear, q.Backing) = (4, 2, "b")),
        ["data file without a name"] = (DiskImageErrors.MissingFile, "does not say in which", q => q.Incompatible = 4),
        ["own data file"] = (DiskImageErrors.Corrupt, "its own data file", q => q.With(0x44415441, "a.qcow2").Incompatible = 4),
        ["file of a header"] = (DiskImageErrors.Truncated, "header", q => q.Length = 71),
        ["file of a header of version 2"] = (DiskImageErrors.Truncated, "header", q => q.Length = 103),
        ["file without its L1 table"] = (DiskImageErrors.Truncated, "L1 table", q => q.Length = HandmadeQcow2.ClusterSize),
    };

    private static readonly Dictionary<string, (string Code, string Message, Action<HandmadeQcow2> Change)> Tables = new()
    {
        ["L2 table behind the end"] = (DiskImageErrors.Truncated, "table entry", q => q.L1 = [(1UL << 40) | Copied]),
        ["L2 table that is not aligned"] = (DiskImageErrors.Corrupt, "L1 entry", q => q.L1 = [((2 * Cluster) + 512) | Copied]),
        ["L1 entry with reserved bits"] = (DiskImageErrors.Corrupt, "L1 entry", q => q.L1 = [(2 * Cluster) | 2]),
        ["L1 entry with high reserved bits"] = (DiskImageErrors.Corrupt, "L1 entry", q => q.L1 = [(2 * Cluster) | (1UL << 56)]),
        ["L2 table upon the L1 table"] = (DiskImageErrors.Corrupt, "upon the header or the L1 table", q => q.L1 = [Cluster | Copied]),
        ["cluster upon the L1 table"] = (DiskImageErrors.Corrupt, "upon the header or the L1 table", q => q.L2 = [Cluster | Copied]),
        ["cluster behind the end"] = (DiskImageErrors.Truncated, "cluster", q => q.L2 = [(4 * Cluster) | Copied]),
        ["cluster that is not aligned"] = (DiskImageErrors.Corrupt, "which no cluster can", q => q.L2 = [((3 * Cluster) + 512) | Copied]),
        ["L2 entry with reserved bits"] = (DiskImageErrors.Corrupt, "not allowed", q => q.L2 = [(3 * Cluster) | Copied | 4]),
        ["zero cluster in version 2"] = (DiskImageErrors.Corrupt, "version 2", q => (q.Version, q.L2) = (2, [1])),
        ["compressed cluster behind the end"] = (DiskImageErrors.Truncated, "compressed cluster", q => q.L2 = [Compressed | (4 * Cluster)]),
        ["compressed cluster of zeros"] = (DiskImageErrors.Corrupt, "compressed cluster is damaged", q => q.L2 = [Compressed | (3 * Cluster)]),
        ["zstd cluster of zeros"] = (DiskImageErrors.Corrupt, "compressed cluster is damaged", q => (q.CompressionType, q.Incompatible, q.L2) = (1, 8, [Compressed | (3 * Cluster)])),
        ["clusters upon each other"] = (DiskImageErrors.Corrupt, "they overlap", q => q.L2 = [.. Enumerable.Repeat((3 * Cluster) | Copied, 16)]),
        ["L2 tables upon each other"] = (DiskImageErrors.Corrupt, "they overlap", q =>
            (q.DiskSize, q.L1Entries, q.L1) = (8000UL << 29, 8000, [.. Enumerable.Repeat((2 * Cluster) | Copied, 8000)])),
        ["extended entry that contradicts itself"] = (DiskImageErrors.Corrupt, "contradicts itself", q => (q.Incompatible, q.L2) = (16, [(3 * Cluster) | Copied, 0x1_0000_0001])),
        ["extended entry with a zero bit"] = (DiskImageErrors.Corrupt, "contradicts itself", q => (q.Incompatible, q.L2) = (16, [(3 * Cluster) | Copied | 1, 1])),
        ["subcluster without a cluster"] = (DiskImageErrors.Corrupt, "the cluster is not", q => (q.Incompatible, q.L2) = (16, [0, 1])),
        ["compressed cluster in a data file"] = (DiskImageErrors.Corrupt, "data file", q => UseDataFile(q, Compressed | (3 * Cluster))),
        ["cluster elsewhere in a data file"] = (DiskImageErrors.Corrupt, "another offset", q => UseDataFile(q, (3 * Cluster) | Copied)),
        ["cluster behind the end of a data file"] = (DiskImageErrors.Truncated, "cluster", q => UseDataFile(q, 0, 0, (2 * Cluster) | Copied)),
    };

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> HeaderCases() => [.. Headers.Keys];

    public static TheoryData<string> TableCases() => [.. Tables.Keys];

    [Fact]
    public async Task Open_HandmadeImage_IsRead()
    {
        await WriteAsync(new HandmadeQcow2 { L2 = [(3 * Cluster) | Copied, 1, 0, (3 * Cluster) | Copied | 1] });

        await using var reader = await Images.OpenAsync(_folder["a.qcow2"]);
        var extents = await reader.GetExtentsAsync(0, 1 << 20, Token).ToListAsync(Token);

        Assert.Equal(
            [
                new(0, 65536, ExtentKind.Data), new(65536, 65536, ExtentKind.Zero), new(2 * 65536, 65536, ExtentKind.Unallocated),
                new(3 * 65536, 65536, ExtentKind.Zero), new(4 * 65536, 12 * 65536, ExtentKind.Unallocated),
            ],
            extents);
    }

    [Theory]
    [MemberData(nameof(HeaderCases))]
    public async Task Open_WrongHeader_SaysWhy(string name)
    {
        var (code, message, change) = Headers[name];
        var image = new HandmadeQcow2();
        change(image);
        await WriteAsync(image);
        var started = Stopwatch.GetTimestamp();

        var e = await Images.FailsAsync(code, () => Images.OpenAsync(_folder["a.qcow2"]));

        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.Equal("a.qcow2", e.File);
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(5));
    }

    [Theory]
    [MemberData(nameof(TableCases))]
    public async Task Read_WrongTable_SaysWhy(string name)
    {
        var (code, message, change) = Tables[name];
        var image = new HandmadeQcow2();
        change(image);
        await WriteAsync(image);
        await File.WriteAllBytesAsync(_folder["d.bin"], new byte[Cluster * 5 / 2], Token);
        await using var reader = await Images.OpenAsync(_folder["a.qcow2"]);

        var e = await Images.FailsAsync(code, async () =>
        {
            await foreach (var extent in reader.GetExtentsAsync(0, reader.Capacity, Token))
            {
                if (extent.Kind == ExtentKind.Data)
                {
                    await reader.ReadAsync(extent.Offset, new byte[Math.Min(extent.Length, 1 << 20)], Token);
                }
            }
        });

        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    private static HandmadeQcow2 NameFeature(HandmadeQcow2 image, byte bit, string name)
    {
        var entry = new byte[48];
        entry[1] = bit;
        System.Text.Encoding.UTF8.GetBytes(name, entry.AsSpan(2));
        return image.With(0x6803f857, entry);
    }

    private static void UseDataFile(HandmadeQcow2 image, params ulong[] entries)
    {
        image.With(0x44415441, "d.bin").Incompatible = 4;
        image.L2 = entries;
    }

    private Task WriteAsync(HandmadeQcow2 image) => File.WriteAllBytesAsync(_folder["a.qcow2"], image.ToBytes(), Token);
}
