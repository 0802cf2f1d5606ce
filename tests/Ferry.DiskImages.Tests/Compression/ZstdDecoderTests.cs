using Ferry.DiskImages.Compression.Zstd;
using Ferry.DiskImages.Tests.Fuzzing;
using Ferry.DiskImages.Tests.Support;
using Xunit;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Ferry.DiskImages.Tests.Compression;

/// <summary>The decoder against the port of the reference implementation.</summary>
[Collection(FuzzCollection.Name)]
public sealed class ZstdDecoderTests
{
    private static readonly int[] Sizes = [1, 2, 31, 256, 1000, 65_536, 131_073, 500_000];

    private const int Rounds = 150;

    public static TheoryData<string> Kinds() => [.. Contents.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Decode_FrameOfEveryLevel_GivesTheContent(string kind)
    {
        foreach (var size in Sizes)
        {
            var content = Contents.Make(kind, size, size);
            foreach (var level in size > 2000 ? new[] { 1, 3, 13 } : [-20, -1, 1, 4, 7, 10, 13, 16, 19, 22])
            {
                AssertDecodes(Compress(content, level, checksum: size % 2 == 0), content, $"{kind} {size} level {level}");
            }
        }
    }

    [Fact]
    public void Decode_SmallWindowAndLongMatches_GivesTheContent()
    {
        var content = Contents.Make("mixed", 3 << 20, 5);
        foreach (var log in new[] { 10, 14, 17, 21 })
        {
            AssertDecodes(Compress(content, 7, true, (ZSTD_cParameter.ZSTD_c_windowLog, log)), content, $"window {log}");
        }
    }

    [Fact]
    public void Corpus_HasEveryKindOfBlockLiteralsAndTable()
    {
        var blocks = new HashSet<ZstdBlockKind>();
        var literals = new HashSet<(LiteralsKind, bool)>();
        var modes = new HashSet<(int Table, int Mode)>();
        foreach (var kind in Contents.Kinds)
        {
            foreach (var size in Sizes)
            {
                foreach (var level in size > 200_000 ? new[] { 3 } : [1, 3, 19])
                {
                    Survey(Compress(Contents.Make(kind, size, size), level, checksum: false), blocks, literals, modes);
                }
            }
        }

        Assert.Equal([ZstdBlockKind.Plain, ZstdBlockKind.Repeated, ZstdBlockKind.Compressed], blocks.Order());
        Assert.Equal(
            [
                (LiteralsKind.Plain, true), (LiteralsKind.Compressed, false), (LiteralsKind.Compressed, true),
                (LiteralsKind.Treeless, false), (LiteralsKind.Treeless, true),
            ],
            literals.Order());
        Assert.Equal(12, modes.Count);
    }

    [Fact]
    public void Decode_SeveralFrames_AreJoined()
    {
        var content = Contents.Make("text", 100_000, 1);
        byte[] skippable = [0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3];
        byte[] data = [.. skippable, .. Compress(content[..60_000], 3, true), .. skippable, .. Compress(content[60_000..], 9, false), 77, 78];

        AssertDecodes(data, content, "two frames");
        Assert.Throws<InvalidDataException>(() => ZstdDecoder.Decode(data, new byte[99_999]));
        Assert.Throws<InvalidDataException>(() => ZstdDecoder.Decode(data, new byte[100_001]));
        Assert.Throws<InvalidDataException>(() => ZstdDecoder.Decode(data.AsSpan(0, data.Length - 3), new byte[100_000]));
    }

    [Fact]
    public void Decode_FrameWithoutItsSize_GivesTheContent()
    {
        var content = Contents.Make("records", 400_000, 1);
        using var stream = new MemoryStream();
        using (var compression = new CompressionStream(stream, 4, leaveOpen: true))
        {
            compression.Write(content);
        }

        AssertDecodes(stream.ToArray(), content, "stream");
    }

    /// <summary>The only kind of literals that the compressor does not write for this corpus, by hand: "x" five times, no sequences.</summary>
    [Fact]
    public void Decode_RepeatedLiterals_GivesTheContent()
    {
        byte[] data = [0x28, 0xb5, 0x2f, 0xfd, 0x20, 5, (3 << 3) | (2 << 1) | 1, 0, 0, (5 << 3) | 1, (byte)'x', 0];
        using var reference = new Decompressor();

        AssertDecodes(data, "xxxxx"u8.ToArray(), "repeated literals");
        Assert.Equal("xxxxx"u8, reference.Unwrap(data));
    }

    /// <summary>A block is no larger than the window: 28 000 bytes in one block, with a window of 1 KiB.</summary>
    [Fact]
    public void Decode_BlockLargerThanTheWindow_IsRefused()
    {
        var content = Contents.Make("few", 28_000, 1);
        var data = Compress(content, 3, checksum: false);
        var header = ZstdFrameHeader.Read(data);
        var block = data[header.Size..];
        Assert.Equal(ZstdBlockKind.Compressed, ZstdBlockHeader.Read(block).Kind);
        byte[] wide = [0x28, 0xb5, 0x2f, 0xfd, 0, 10 << 3, .. block];
        byte[] narrow = [0x28, 0xb5, 0x2f, 0xfd, 0, 0, .. block];

        AssertDecodes(wide, content, "a window of 1 MiB");
        Assert.Throws<InvalidDataException>(() => ZstdDecoder.Decode(narrow, new byte[content.Length]));
        using var reference = new Decompressor();
        AssertSameAs(reference, narrow, content.Length, "a window of 1 KiB");
    }

    [Fact]
    public void Decode_WrongChecksum_IsRefused()
    {
        var content = Contents.Make("text", 1000, 1);
        var data = Compress(content, 3, checksum: true);
        data[^1] ^= 1;
        Assert.Throws<InvalidDataException>(() => ZstdDecoder.Decode(data, new byte[1000]));
    }

    /// <summary>What the reference takes we take, but for bit streams that are too long; what we take it takes, with the same bytes.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public Task Decode_DamagedFrame_IsTakenOrRefusedAsByTheReference(string kind) => DamageAsync(kind, Rounds);

    [Theory]
    [Trait("Tier", "all")]
    [MemberData(nameof(Kinds))]
    public Task Decode_DamagedFrameInManyRounds_IsTakenOrRefusedAsByTheReference(string kind) => DamageAsync(kind, Rounds * Fuzz.LongFactor);

    /// <summary>Any content, at any level, in any number of frames.</summary>
    [FuzzProperty(MaxTest = 400)]
    public void Decode_AnyContentAtAnyLevel_GivesTheContent((byte Kind, ushort Size, int Seed)[] parts, sbyte level, bool checksum)
    {
        byte[] content = [.. parts.SelectMany(part => Contents.Make(Contents.Kinds[part.Kind % Contents.Kinds.Length], part.Size % 3000, part.Seed))];
        var place = Math.Clamp((int)level, -30, 22);
        byte[] data = [.. Compress(content, place, checksum), .. Compress(content, -place, checksum)];
        byte[] twice = [.. content, .. content];
        if (content.Length > 0)
        {
            AssertDecodes(data, twice, $"level {place}");
        }
    }

    private static async Task DamageAsync(string kind, int rounds)
    {
        using var reference = new Decompressor();
        await Fuzz.RunAsync(
            rounds,
            random =>
            {
                var size = random.Next(1, random.Next(8) == 0 ? 300_000 : 3000);
                var level = size < 3000 ? random.Next(-5, 23) : random.Next(-5, 10);
                var data = Compress(Contents.Make(kind, size, random.Next()), level, checksum: random.Next(4) == 0);

                // Most of the changes where the tables are, behind the headers of frame and block.
                return (Size: size, Data: new Mutation(data, (0, 12), (12, Math.Min(60, data.Length))).Apply(random));
            },
            input => AssertSameAs(reference, input.Data, input.Size, kind));
    }

    private static void AssertSameAs(Decompressor reference, byte[] data, int size, string what)
    {
        var target = new byte[size];
        string? refusal = null;
        var used = data.Length;
        try
        {
            used = ZstdDecoder.Decode(data, target);
        }
        catch (InvalidDataException e)
        {
            refusal = e.Message;
        }
        catch (Exception e)
        {
            Assert.Fail($"{what}: {e}");
        }

        var expected = new byte[size];
        bool takenByReference;
        try
        {
            takenByReference = reference.TryUnwrap(data.AsSpan(0, used), expected, out var written) && written == size;
        }
        catch (ZstdException)
        {
            takenByReference = false;
        }

        // The reference does not always look whether a bit stream has an end mark and is used up exactly, as the specification demands.
        Assert.True(
            refusal is null == takenByReference || (takenByReference && refusal!.Contains("bit stream", StringComparison.Ordinal)),
            $"{what}: {refusal ?? "taken"}, by the reference {takenByReference}: {Convert.ToHexString(data.AsSpan(0, Math.Min(data.Length, 2000)))}");
        if (refusal is null)
        {
            Assert.True(expected.AsSpan().SequenceEqual(target), what);
        }
    }

    private static void AssertDecodes(byte[] data, byte[] content, string what)
    {
        var target = new byte[content.Length];
        ZstdDecoder.Decode(data, target);
        Assert.True(content.AsSpan().SequenceEqual(target), what);
    }

    private static byte[] Compress(byte[] content, int level, bool checksum, params (ZSTD_cParameter, int)[] parameters)
    {
        using var compressor = new Compressor(level);
        compressor.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, checksum ? 1 : 0);
        foreach (var (parameter, value) in parameters)
        {
            compressor.SetParameter(parameter, value);
        }

        return compressor.Wrap(content).ToArray();
    }

    private static void Survey(ReadOnlySpan<byte> data, HashSet<ZstdBlockKind> blocks, HashSet<(LiteralsKind, bool)> literals, HashSet<(int, int)> modes)
    {
        data = data[ZstdFrameHeader.Read(data).Size..];
        for (var last = false; !last;)
        {
            var block = ZstdBlockHeader.Read(data);
            data = data[ZstdBlockHeader.Size..];
            last = block.IsLast;
            blocks.Add(block.Kind);
            if (block.Kind == ZstdBlockKind.Compressed)
            {
                var header = LiteralsHeader.Read(data);
                literals.Add((header.Kind, header.IsSingleStream));
                var sequences = data[(header.Size + header.Compressed)..];
                if (sequences[0] > 0)
                {
                    var mode = sequences[sequences[0] < 128 ? 1 : sequences[0] < 255 ? 2 : 3];
                    modes.UnionWith([(0, mode >> 6), (1, (mode >> 4) & 3), (2, (mode >> 2) & 3)]);
                }
            }

            data = data[(block.Kind == ZstdBlockKind.Repeated ? 1 : block.Length)..];
        }
    }
}
