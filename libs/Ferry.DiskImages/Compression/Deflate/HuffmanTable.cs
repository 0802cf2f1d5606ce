namespace Ferry.DiskImages.Compression.Deflate;

/// <summary>
/// Look-up tables for the canonical Huffman codes of DEFLATE (RFC 1951, 3.2.2): the next <c>rootBits</c> bits index the root; codes longer than that lead to a
/// second table behind it. Bits 0-7 of an entry are the bits to consume (the code and the extra bits of a length or distance), bits 8-11 those of the code
/// alone, bits 16-30 the value.
/// </summary>
internal static class HuffmanTable
{
    /// <summary>The entry stands for a literal byte.</summary>
    internal const uint Literal = 1u << 31;

    /// <summary>The entry is none of the usual ones: <see cref="Subtable"/>, <see cref="EndOfBlock"/> or <see cref="Invalid"/>.</summary>
    internal const uint Exceptional = 1u << 15;

    /// <summary>The entry leads to a second table: its index is the value, bits 8-11 the number of bits that index it.</summary>
    internal const uint Subtable = Exceptional | (1u << 14);

    /// <summary>The block ends.</summary>
    internal const uint EndOfBlock = Exceptional | (1u << 13);

    /// <summary>No code begins with these bits.</summary>
    internal const uint Invalid = Exceptional | (1u << 12);

    /// <summary>Longest code (RFC 1951, 3.2.7).</summary>
    internal const int MaximumBits = 15;

    /// <summary>Most symbols of an alphabet: 286 literals and lengths, and two that only the fixed code has.</summary>
    internal const int MaximumSymbols = 288;

    /// <summary>Builds a table.</summary>
    /// <param name="lengths">Code length of each symbol, 0 for none.</param>
    /// <param name="symbols">The entry of each symbol, without its code length in bits 0-7 and 8-11.</param>
    /// <param name="rootBits">Bits that index the root.</param>
    /// <param name="table">Where the table goes.</param>
    /// <param name="allowSingle">Whether a single code of one bit is allowed, which leaves the code incomplete (RFC 1951, 3.2.7).</param>
    /// <returns>False when the lengths are not those of a complete code. No code at all is allowed as well: a block without matches needs none.</returns>
    internal static bool TryBuild(ReadOnlySpan<byte> lengths, ReadOnlySpan<uint> symbols, int rootBits, Span<uint> table, bool allowSingle = true)
    {
        Span<int> count = stackalloc int[MaximumBits + 1];
        count.Clear();
        foreach (var length in lengths)
        {
            count[length]++;
        }

        var codes = lengths.Length - count[0];
        count[0] = 0;
        var left = 1;
        for (var length = 1; length <= MaximumBits; length++)
        {
            left = (left << 1) - count[length];
            if (left < 0)
            {
                return false;
            }
        }

        if (left > 0)
        {
            if (codes > 1 || (codes == 1 && (count[1] != 1 || !allowSingle)))
            {
                return false;
            }

            table[..(1 << rootBits)].Fill(Invalid | 1);
        }

        Span<ushort> sorted = stackalloc ushort[MaximumSymbols];
        Sort(lengths, count, sorted);
        return TryFill(sorted[..codes], lengths, symbols, count, rootBits, table);
    }

    /// <summary>The symbols that have a code, by length and then by value.</summary>
    private static void Sort(ReadOnlySpan<byte> lengths, ReadOnlySpan<int> count, Span<ushort> sorted)
    {
        Span<int> next = stackalloc int[MaximumBits + 2];
        next.Clear();
        for (var length = 1; length <= MaximumBits; length++)
        {
            next[length + 1] = next[length] + count[length];
        }

        for (var symbol = 0; symbol < lengths.Length; symbol++)
        {
            if (lengths[symbol] != 0)
            {
                sorted[next[lengths[symbol]]++] = (ushort)symbol;
            }
        }
    }

    private static bool TryFill(
        ReadOnlySpan<ushort> sorted, ReadOnlySpan<byte> lengths, ReadOnlySpan<uint> symbols, Span<int> count, int rootBits, Span<uint> table)
    {
        var end = 1 << rootBits;
        var prefix = -1;
        var (start, subBits) = (0, 0);
        var code = 0;
        foreach (var symbol in sorted)
        {
            var length = (int)lengths[symbol];
            var entry = symbols[symbol] + ((uint)length * 0x101);
            if (length <= rootBits)
            {
                for (var i = code; i < 1 << rootBits; i += 1 << length)
                {
                    table[i] = entry;
                }
            }
            else
            {
                var root = code & ((1 << rootBits) - 1);
                if (root != prefix)
                {
                    prefix = root;
                    start = end;
                    subBits = SubtableBits(count, length, rootBits);
                    end += 1 << subBits;
                    if (end > table.Length)
                    {
                        return false;
                    }

                    table[root] = Subtable | ((uint)start << 16) | ((uint)subBits << 8);
                }

                for (var i = code >> rootBits; i < 1 << subBits; i += 1 << (length - rootBits))
                {
                    table[start + i] = entry;
                }
            }

            count[length]--;
            code = NextReversed(code, length);
        }

        return true;
    }

    /// <summary>How many bits the codes that share a root entry have at most behind it; all shorter codes have been dealt with.</summary>
    private static int SubtableBits(ReadOnlySpan<int> remaining, int length, int rootBits)
    {
        var bits = length - rootBits;
        var left = 1 << bits;
        while (bits + rootBits < MaximumBits)
        {
            left -= remaining[bits + rootBits];
            if (left <= 0)
            {
                break;
            }

            bits++;
            left <<= 1;
        }

        return bits;
    }

    /// <summary>The next code of a length; codes stand with their first bit lowest, as the bits of the stream come.</summary>
    private static int NextReversed(int code, int length)
    {
        var bit = 1 << (length - 1);
        while ((code & bit) != 0)
        {
            bit >>= 1;
        }

        return bit == 0 ? 0 : (code & (bit - 1)) | bit;
    }
}
