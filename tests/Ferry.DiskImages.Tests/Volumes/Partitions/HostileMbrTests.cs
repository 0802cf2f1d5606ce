using System.Buffers.Binary;
using Ferry.DiskImages.FileSystems;
using Ferry.DiskImages.Partitions;
using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Volumes.Partitions;

/// <summary>Master boot records that no program writes.</summary>
public sealed class HostileMbrTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Read_ChainThatLeadsBackToItself_Ends()
    {
        var table = await ReadAsync(disk =>
        {
            Write(disk, 0, (0x05, 2048, 10_000));
            Write(disk, 2048, (0x83, 10, 100), (0x05, 1000, 500));
            Write(disk, 3048, (0x83, 10, 100), (0x05, 0, 500));
        });
        Assert.True(table.IsDoubtful);
        Assert.Equal([1, 5, 6], table.Partitions.Select(partition => partition.Number));
    }

    [Fact]
    public async Task Read_ChainOfAThousandLinks_Ends()
    {
        var table = await ReadAsync(disk =>
        {
            Write(disk, 0, (0x05, 2048, 60_000));
            for (var i = 0; i < 1000; i++)
            {
                Write(disk, 2048 + (i * 16), (0x83, 1, 2), (0x05, (uint)(i + 1) * 16, 16));
            }
        });
        Assert.True(table.IsDoubtful);
        Assert.InRange(table.Partitions.Count, 100, 300);
    }

    [Fact]
    public async Task Read_ChainThatLeavesTheDisk_IsDoubtful()
    {
        var table = await ReadAsync(disk =>
        {
            Write(disk, 0, (0x05, 2048, 10_000));
            Write(disk, 2048, (0x83, 10, 100), (0x05, 0xffffff00, 500));
        });
        Assert.True(table.IsDoubtful);
    }

    [Fact]
    public async Task Read_OverlappingPartitions_AreDoubtful()
    {
        var table = await ReadAsync(disk => Write(disk, 0, (0x83, 2048, 1000), (0x83, 3000, 1000), (0x83, 5000, 100), (0x83, 90_000, uint.MaxValue)));
        Assert.Equal([true, true, false, true], table.Partitions.Select(partition => partition.Flags.HasFlag(PartitionFlags.Doubtful)));
        Assert.All(table.Findings, finding => Assert.Equal(VolumeFindings.PartitionsInconsistent, finding.Code));
        Assert.Equal(3, table.Findings.Count);
    }

    /// <summary>A long partition overlaps not only its neighbour.</summary>
    [Fact]
    public async Task Read_PartitionsWithinAnother_AreDoubtful()
    {
        var table = await ReadAsync(disk => Write(disk, 0, (0x83, 2048, 50_000), (0x83, 3000, 10), (0x83, 4000, 10), (0x83, 60_000, 10)));
        Assert.Equal([true, true, true, false], table.Partitions.Select(partition => partition.Flags.HasFlag(PartitionFlags.Doubtful)));
    }

    [Fact]
    public async Task Read_LogicalPartitionOutsideOfItsContainer_IsDoubtful()
    {
        var table = await ReadAsync(disk =>
        {
            Write(disk, 0, (0x05, 2048, 1000), (0x83, 2500, 10));
            Write(disk, 2048, (0x83, 5000, 100));
        });
        Assert.Equal([false, true, true], table.Partitions.Select(partition => partition.Flags.HasFlag(PartitionFlags.Doubtful)));
    }

    [Fact]
    public async Task Read_PartitionOnTheRecordItself_IsDoubtful()
    {
        var table = await ReadAsync(disk => Write(disk, 0, (0x83, 0, 1000)));
        Assert.True(Assert.Single(table.Partitions).Flags.HasFlag(PartitionFlags.Doubtful));
    }

    private static void Write(byte[] disk, int sector, params (byte Type, uint First, uint Sectors)[] entries)
    {
        for (var i = 0; i < entries.Length; i++)
        {
            var at = (sector * 512) + 446 + (i * 16);
            disk[at + 4] = entries[i].Type;
            BinaryPrimitives.WriteUInt32LittleEndian(disk.AsSpan(at + 8), entries[i].First);
            BinaryPrimitives.WriteUInt32LittleEndian(disk.AsSpan(at + 12), entries[i].Sectors);
        }

        disk[(sector * 512) + 510] = 0x55;
        disk[(sector * 512) + 511] = 0xaa;
    }

    private async Task<PartitionTable> ReadAsync(Action<byte[]> write)
    {
        var bytes = new byte[100_000 * 512];
        write(bytes);
        await File.WriteAllBytesAsync(_folder["a"], bytes, Token);
        await using var disk = await Images.OpenAsync(_folder["a"], DiskImageFormat.Raw);
        return await PartitionTable.ReadAsync(disk, Token);
    }
}
