namespace Ferry.DiskImages.Compression.Zstd;

/// <summary>
/// The codes for literals lengths, match lengths and offsets (RFC 8878 sections 3.1.1.3.2.1.1 and 3.1.1.3.2.2): what each stands for, and the distribution that
/// holds where a block gives none.
/// </summary>
internal sealed class SequenceCodes
{
    private const int OffsetCodes = 32;

    private SequenceCodes(int maximumLog, uint[] baselines, byte[] extraBits, ReadOnlySpan<short> predefined, int predefinedLog)
    {
        MaximumLog = maximumLog;
        Baselines = baselines;
        ExtraBits = extraBits;
        Predefined = new FseTable(predefined, predefinedLog, this);
    }

    /// <summary>Codes 0 to 35.</summary>
    internal static SequenceCodes LiteralsLengths { get; } = Lengths(
        FseTable.MaximumLog,
        0,
        16,
        [1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
        [4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1]);

    /// <summary>Codes 0 to 52.</summary>
    internal static SequenceCodes MatchLengths { get; } = Lengths(
        FseTable.MaximumLog,
        3,
        32,
        [1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
        [
            1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
            1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1,
        ]);

    /// <summary>Codes 0 to 31: code n stands for the values from 1 &lt;&lt; n on.</summary>
    internal static SequenceCodes Offsets { get; } = new(
        8,
        [.. Enumerable.Range(0, OffsetCodes).Select(n => 1u << n)],
        [.. Enumerable.Range(0, OffsetCodes).Select(n => (byte)n)],
        [1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1],
        5);

    /// <summary>Largest accuracy of a distribution of these codes.</summary>
    internal int MaximumLog { get; }

    /// <summary>The lowest value of each code.</summary>
    internal uint[] Baselines { get; }

    /// <summary>The bits that are added to it.</summary>
    internal byte[] ExtraBits { get; }

    /// <summary>The table of the predefined distribution.</summary>
    internal FseTable Predefined { get; }

    /// <summary>Lengths: <paramref name="plain"/> codes of one length each, then codes of ever more bits.</summary>
    private static SequenceCodes Lengths(int maximumLog, uint first, int plain, ReadOnlySpan<byte> bits, ReadOnlySpan<short> predefined)
    {
        var baselines = new uint[plain + bits.Length];
        var extraBits = new byte[baselines.Length];
        bits.CopyTo(extraBits.AsSpan(plain));
        for (var code = 0; code < baselines.Length; code++)
        {
            baselines[code] = first;
            first += 1u << extraBits[code];
        }

        return new SequenceCodes(maximumLog, baselines, extraBits, predefined, 6);
    }
}
