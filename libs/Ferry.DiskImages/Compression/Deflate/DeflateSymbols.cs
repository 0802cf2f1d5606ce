namespace Ferry.DiskImages.Compression.Deflate;

/// <summary>What the symbols of DEFLATE mean (RFC 1951, 3.2.5), as entries of a <see cref="HuffmanTable"/>.</summary>
internal static class DeflateSymbols
{
    private const int FirstLength = 257;
    private const int Lengths = 29;
    private const int MaximumLength = 258;
    private const int Distances = 30;

    /// <summary>The entries of the literal and length alphabet.</summary>
    internal static uint[] LiteralsAndLengths { get; } = CreateLiteralsAndLengths();

    /// <summary>The entries of the distance alphabet.</summary>
    internal static uint[] DistanceEntries { get; } = CreateDistances();

    /// <summary>The code lengths of the fixed code (RFC 1951, 3.2.6).</summary>
    internal static byte[] FixedLengths { get; } =
        [.. Enumerable.Repeat((byte)8, 144), .. Enumerable.Repeat((byte)9, 112), .. Enumerable.Repeat((byte)7, 24), .. Enumerable.Repeat((byte)8, 8)];

    /// <summary>The code lengths of the fixed distance code.</summary>
    internal static byte[] FixedDistanceLengths { get; } = [.. Enumerable.Repeat((byte)5, 32)];

    private static uint[] CreateLiteralsAndLengths()
    {
        var entries = new uint[HuffmanTable.MaximumSymbols];
        Array.Fill(entries, HuffmanTable.Invalid);
        for (uint literal = 0; literal < 256; literal++)
        {
            entries[literal] = HuffmanTable.Literal | (literal << 16);
        }

        entries[256] = HuffmanTable.EndOfBlock;
        uint length = 3;
        for (var i = 0; i < Lengths; i++)
        {
            var extra = i < 8 ? 0 : (i / 4) - 1;
            entries[FirstLength + i] = (length << 16) | (uint)extra;
            length += 1u << extra;
        }

        // The last symbol is the longest match without extra bits.
        entries[FirstLength + Lengths - 1] = MaximumLength << 16;
        return entries;
    }

    private static uint[] CreateDistances()
    {
        var entries = new uint[32];
        Array.Fill(entries, HuffmanTable.Invalid);
        uint distance = 1;
        for (var i = 0; i < Distances; i++)
        {
            var extra = i < 4 ? 0 : (i / 2) - 1;
            entries[i] = (distance << 16) | (uint)extra;
            distance += 1u << extra;
        }

        return entries;
    }
}
