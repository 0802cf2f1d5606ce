namespace Ferry.DiskImages.Compression.Zstd;

/// <summary>What decoding a frame needs besides input and output. Each thread has one, so that a frame costs no allocation.</summary>
internal sealed class ZstdWorkspace
{
    [ThreadStatic]
    private static ZstdWorkspace? s_current;

    private readonly FseTable _literalsLengths = new(FseTable.MaximumLog);
    private readonly FseTable _matchLengths = new(FseTable.MaximumLog);
    private readonly FseTable _offsets = new(SequenceCodes.Offsets.MaximumLog);

    /// <summary>The workspace of this thread.</summary>
    internal static ZstdWorkspace Current => s_current ??= new ZstdWorkspace();

    /// <summary>The literals of a block.</summary>
    internal byte[] Literals { get; } = new byte[ZstdBlockHeader.MaximumSize];

    /// <summary>The tree of the last Huffman literals.</summary>
    internal HuffmanTable Huffman { get; } = new();

    /// <summary>Whether there was a tree in this frame.</summary>
    internal bool HasHuffman { get; set; }

    /// <summary>The table of the block before, or null: for literals lengths.</summary>
    internal FseTable? LiteralsLengths { get; private set; }

    /// <summary>For match lengths.</summary>
    internal FseTable? MatchLengths { get; private set; }

    /// <summary>For offsets.</summary>
    internal FseTable? Offsets { get; private set; }

    /// <summary>The three offsets that were used last, the latest first (RFC 8878 section 3.1.1.5).</summary>
    internal (uint First, uint Second, uint Third) Repeats { get; set; }

    /// <summary>Begins a frame.</summary>
    internal void Reset()
    {
        HasHuffman = false;
        LiteralsLengths = MatchLengths = Offsets = null;
        Repeats = (1, 4, 8);
    }

    /// <summary>Reads the three table descriptions of a sequences section.</summary>
    /// <param name="modes">The byte of the modes.</param>
    /// <param name="data">What follows it.</param>
    /// <returns>Bytes of the descriptions.</returns>
    internal int ReadTables(byte modes, ReadOnlySpan<byte> data)
    {
        var size = 0;
        LiteralsLengths = Select((SequenceMode)(modes >> 6), SequenceCodes.LiteralsLengths, _literalsLengths, LiteralsLengths, data, ref size);
        Offsets = Select((SequenceMode)((modes >> 4) & 3), SequenceCodes.Offsets, _offsets, Offsets, data, ref size);
        MatchLengths = Select((SequenceMode)((modes >> 2) & 3), SequenceCodes.MatchLengths, _matchLengths, MatchLengths, data, ref size);
        return size;
    }

    private static FseTable Select(SequenceMode mode, SequenceCodes codes, FseTable own, FseTable? previous, ReadOnlySpan<byte> data, ref int size)
    {
        switch (mode)
        {
            case SequenceMode.Predefined:
                return codes.Predefined;
            case SequenceMode.Previous:
                return previous ?? throw new InvalidDataException("A zstd block repeats a table that there was not.");
            case SequenceMode.Repeated:
                if (size >= data.Length || data[size] >= codes.Baselines.Length)
                {
                    throw new InvalidDataException("A zstd block repeats a code that there is not.");
                }

                own.BuildSingle(codes.Baselines[data[size]], codes.ExtraBits[data[size]]);
                size++;
                return own;
            default:
                Span<short> shares = stackalloc short[codes.Baselines.Length];
                size += FseDistribution.Read(data[size..], shares, codes.MaximumLog, out var log, out var symbols);
                own.Build(shares[..symbols], log, codes.Baselines, codes.ExtraBits);
                return own;
        }
    }
}
