using System.Buffers.Binary;
using System.Diagnostics;
using Ferry.DiskImages.Tests.Support;
using Ferry.DiskImages.Tests.Writing;
using Xunit;

namespace Ferry.DiskImages.Tests.Vhdx;

/// <summary>Logs that must be replayed (MS-VHDX 2.3): which entries count, what they change, and that the file stays as it is.</summary>
public sealed class VhdxLogTests : IDisposable
{
    private const int MiB = VhdxFileBuilder.MiB;
    private const int Sector = VhdxLogBuilder.Sector;

    private readonly TestFolder _folder = new();
    private readonly VhdxFileBuilder _image = new() { Capacity = 8 * MiB, LogId = new Guid("7d3b1f60-52a4-4c0e-9a61-0f4c8e2b9d17") };
    private readonly VhdxLogBuilder _log;

    public VhdxLogTests() => _log = new VhdxLogBuilder(_image.LogId);

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private long Data => _image.PayloadOffset;

    private long FileLength => _image.PayloadOffset + (8 * MiB);

    [Fact]
    public async Task Open_OneEntry_IsReplayedInMemoryOnly()
    {
        _log.Entry(0, 1, 0, FileLength, FileLength, (Data, Fill(1), 0), (Data + Sector, Fill(2), 0));

        var content = await ReadAsync();

        AssertSectors(content, 1, 2, 0);
    }

    [Fact]
    public async Task Open_SequenceThatWrapsAround_IsReplayedFromItsTail()
    {
        // The entry before the tail has been superseded and must not be replayed again.
        var tail = _log.Ring.Length - (5 * Sector);
        var stale = tail - (2 * Sector);
        _log.Entry(stale, 9, stale, FileLength, FileLength, (Data + (2 * Sector), Fill(99), 0));
        var second = _log.Entry(tail, 10, tail, FileLength, FileLength, (Data, Fill(1), 0), (Data + Sector, Fill(1), 0));
        var third = _log.Entry(second, 11, tail, FileLength, FileLength, (Data + Sector, Fill(2), 0), (Data + (3 * Sector), Fill(3), 0));
        _log.Entry(third, 12, tail, FileLength, FileLength, (Data + (3 * Sector), Fill(4), 0));
        Assert.True(third < second);

        var content = await ReadAsync();

        AssertSectors(content, 1, 2, 0, 4);
    }

    [Fact]
    public async Task Open_TwoSequences_TheNewerCounts()
    {
        _log.Entry(0, 50, 0, FileLength, FileLength, (Data, Fill(9), 0), (Data + Sector, Fill(9), 0));
        _log.Entry(64 * Sector, 51, 64 * Sector, FileLength, FileLength, (Data, Fill(1), 0));

        AssertSectors(await ReadAsync(), 1, 0);
    }

    [Fact]
    public async Task Open_LastEntryTorn_EndsBeforeIt()
    {
        var second = _log.Entry(0, 1, 0, FileLength, FileLength, (Data, Fill(1), 0));
        var third = _log.Entry(second, 2, 0, FileLength, FileLength, (Data + Sector, Fill(2), 0));
        _log.Entry(third, 3, 0, FileLength, FileLength, (Data + Sector, Fill(3), 0), (Data, Fill(3), 0));
        _log.Ring.AsSpan(third + (2 * Sector), Sector).Clear();

        AssertSectors(await ReadAsync(), 1, 2);
    }

    [Fact]
    public async Task Open_HeadWhoseTailIsGone_IsNoSequence()
    {
        // The newest entry alone says that the sequence begins where nothing valid is: the one before it is what counts.
        _log.Entry(0, 1, 0, FileLength, FileLength, (Data, Fill(1), 0));
        _log.Entry(40 * Sector, 7, 30 * Sector, FileLength, FileLength, (Data, Fill(2), 0));

        AssertSectors(await ReadAsync(), 1);
    }

    [Theory]
    [InlineData(24, 3)]
    [InlineData(8, 1)]
    [InlineData(9, 16)]
    [InlineData(12, 1)]
    [InlineData(16, 0)]
    [InlineData(32, 5)]
    [InlineData(64 + 24, 2)]
    [InlineData(64 + 16, 1)]
    [InlineData(Sector + 4, 1)]
    [InlineData(Sector, 0)]
    public async Task Open_OnlyEntryIsWrong_IsRefused(int offset, byte value)
    {
        var end = _log.Entry(0, 1, 0, FileLength, FileLength, (Data, Fill(1), 0));
        _log.Ring[offset] = value;
        VhdxFileBuilder.Sum(_log.Ring.AsSpan(0, end), 4);

        await Images.FailsAsync(DiskImageErrors.Corrupt, ReadAsync);
    }

    [Fact]
    public async Task Open_NoEntryAtAll_IsRefused() => await Images.FailsAsync(DiskImageErrors.Corrupt, ReadAsync);

    [Fact]
    public async Task Open_ZeroDescriptors_ClearWhatWasThereInOrder()
    {
        _image.Write(Data, [.. Enumerable.Repeat((byte)7, 6 * Sector)]);
        var second = _log.Entry(0, 1, 0, FileLength, FileLength, (Data, Fill(1), 0), (Data + Sector, null, 2 * Sector), (Data + (2 * Sector), Fill(2), 0));
        _log.Entry(second, 2, 0, FileLength, FileLength, (Data, null, Sector), (Data + (4 * Sector), Fill(3), 0), (Data + (4 * Sector), null, 0));

        AssertSectors(await ReadAsync(), 0, 0, 2, 7, 3, 7);
    }

    [Fact]
    public async Task Open_ZeroLengthThatIsNoMultipleOfASector_IsRefused()
    {
        _log.Entry(0, 1, 0, FileLength, FileLength, (Data, null, Sector + 512));

        await Images.FailsAsync(DiskImageErrors.Corrupt, ReadAsync);
    }

    [Fact]
    public async Task Open_FileShorterThanItsLogSays_IsTruncated()
    {
        _log.Entry(0, 1, 0, FileLength + MiB, FileLength + MiB, (Data, Fill(1), 0));

        await Images.FailsAsync(DiskImageErrors.Truncated, ReadAsync);
    }

    /// <summary>Tables and windows of a file that is as long as the log likes would be gone through for hours.</summary>
    [Theory]
    [InlineData(1L << 60, 0)]
    [InlineData((1L << 47) + MiB, 0)]
    [InlineData(0, 1L << 60)]
    public async Task Open_LogThatMakesTheFileImpossiblyLong_IsRefused(long lastOffset, long zeros)
    {
        _log.Entry(0, 1, 0, FileLength, Math.Max(FileLength, lastOffset), (Data, null, zeros));

        await Images.FailsAsync(DiskImageErrors.Corrupt, ReadAsync);
    }

    [Fact]
    public async Task Open_FileThatTheLogGrows_HasTheNewBlocks()
    {
        // The table's sector with entries of two blocks behind the end of the file: one grown by LastFileOffset alone, one by its data.
        var table = new byte[Sector];
        BinaryPrimitives.WriteInt64LittleEndian(table, FileLength | 6);
        BinaryPrimitives.WriteInt64LittleEndian(table.AsSpan(8), (FileLength + MiB) | 6);
        _log.Entry(0, 1, 0, FileLength, FileLength + MiB, (VhdxFileBuilder.BatOffset, table, 0), (FileLength + (2 * MiB) - Sector, Fill(5), 0));

        var content = await ReadAsync(allocate: false);

        Assert.Equal(-1, content.AsSpan(0, (2 * MiB) - Sector).IndexOfAnyExcept((byte)0));
        Assert.Equal(-1, content.AsSpan((2 * MiB) - Sector, Sector).IndexOfAnyExcept((byte)5));
    }

    [Fact]
    public async Task Open_RegionTableInTheLog_IsThatWhichCounts()
    {
        var path = _folder["a.vhdx"];
        _image.Save(path, FileLength);
        var regions = (await File.ReadAllBytesAsync(path, Token)).AsSpan(192 * 1024, 64 * 1024).ToArray();
        var changes = Enumerable.Range(0, 16).Select(i => (192L * 1024 + (i * Sector), (byte[]?)regions[(i * Sector)..((i + 1) * Sector)], 0L)).ToArray();
        _log.Entry(0, 1, 0, FileLength, FileLength, [.. changes, (Data, Fill(1), 0)]);
        _image.Write(192 * 1024, new byte[128 * 1024]);

        AssertSectors(await ReadAsync(), 1);
    }

    [Fact]
    public async Task Open_EveryHeaderClaimsTheWholeLog_IsRefusedQuickly()
    {
        var big = new VhdxLogBuilder(_image.LogId, 32 * MiB);
        for (var at = 0; at < big.Ring.Length; at += Sector)
        {
            big.Entry(at, (ulong)at + 1, at, FileLength, FileLength);
            BinaryPrimitives.WriteInt32LittleEndian(big.Ring.AsSpan(at + 8), big.Ring.Length);
        }

        var image = new VhdxFileBuilder { Capacity = 8 * MiB, LogId = _image.LogId, LogLength = 32 * MiB };
        image.Save(_folder["a.vhdx"], 80 * MiB);
        await using (var file = File.OpenWrite(_folder["a.vhdx"]))
        {
            file.Position = VhdxFileBuilder.LogOffset;
            await file.WriteAsync(big.Ring, Token);
        }

        var started = Stopwatch.GetTimestamp();
        await Images.FailsAsync(DiskImageErrors.Corrupt, () => Images.OpenAsync(_folder["a.vhdx"]));
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Open_RandomRings_ReplayAsAModelSays()
    {
        var random = Seed.New();
        for (var round = 0; round < 20; round++)
        {
            var log = new VhdxLogBuilder(_image.LogId);
            var expected = new byte[8 * MiB];

            // QEMU takes the part of a sequence behind the wrap for all of it, so that only those that do not wrap are compared with what it makes of them.
            var isForQemu = round < 4;
            var tail = random.Next(isForQemu ? 76 : 256) * Sector;
            var at = tail;
            var count = random.Next(1, 30);
            for (var i = 0; i < count; i++)
            {
                var changes = Enumerable.Range(0, random.Next(1, 5)).Select(_ =>
                {
                    var place = random.Next(300);
                    var isZero = random.Next(4) == 0;
                    return (Place: place, Data: isZero ? null : Fill((byte)random.Next(1, 256)), Zeros: isZero ? random.Next(1, 9) * (long)Sector : 0);
                }).ToArray();
                foreach (var (place, data, zeros) in changes)
                {
                    (data ?? new byte[zeros]).CopyTo(expected, place * Sector);
                }

                at = log.Entry(at, (ulong)(1000 + i), tail, FileLength, FileLength, [.. changes.Select(c => (Data + ((long)c.Place * Sector), c.Data, c.Zeros))]);
            }

            var content = await ReadAsync(log: log);

            Assert.Equal(expected.Length, expected.AsSpan().CommonPrefixLength(content));
            if (isForQemu)
            {
                // QEMU replays a log when it may write.
                Tool.Require("qemu-img");
                await Tool.RunAsync("qemu-img", "check", "-f", "vhdx", "-r", "all", _folder["a.vhdx"]);
                await Tool.RunAsync("qemu-img", "convert", "-f", "vhdx", "-O", "raw", _folder["a.vhdx"], _folder["a.raw"]);
                var raw = await File.ReadAllBytesAsync(_folder["a.raw"], Token);
                Assert.Equal(expected.Length, expected.AsSpan().CommonPrefixLength(raw));
            }
        }
    }

    private static byte[] Fill(byte value)
    {
        var bytes = new byte[Sector];
        Array.Fill(bytes, value);
        return bytes;
    }

    private static void AssertSectors(byte[] content, params byte[] expected)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(content.AsSpan(i * Sector, Sector).IndexOfAnyExcept(expected[i]) < 0, $"Sector {i} is filled with {content[i * Sector]}, not {expected[i]}.");
        }
    }

    private Task<byte[]> ReadAsync() => ReadAsync(true);

    /// <summary>Reads the disk, and makes sure that the file was not changed.</summary>
    private async Task<byte[]> ReadAsync(bool allocate = true, VhdxLogBuilder? log = null)
    {
        var path = _folder["a.vhdx"];
        for (var block = 0; allocate && block < 8; block++)
        {
            _image.Block(block, 6, Data + (block * MiB));
        }

        _image.Write(VhdxFileBuilder.LogOffset, (log ?? _log).Ring);
        _image.Save(path, FileLength);
        var before = await File.ReadAllBytesAsync(path, Token);
        try
        {
            await using var reader = await Images.OpenAsync(path);
            var content = new byte[reader.Capacity];
            await reader.ReadAsync(0, content, Token);
            await Images.CheckExtentsAsync(reader);
            return content;
        }
        finally
        {
            var after = await File.ReadAllBytesAsync(path, Token);
            Assert.True(before.AsSpan().SequenceEqual(after), "The file was changed.");
        }
    }
}
