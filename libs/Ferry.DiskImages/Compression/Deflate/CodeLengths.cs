namespace Ferry.DiskImages.Compression.Deflate;

/// <summary>Finds the code lengths that fit frequencies best, and the codes that belong to lengths (RFC 1951, 3.2.2).</summary>
internal static class CodeLengths
{
    /// <summary>Longest code of literals, lengths and distances (RFC 1951, 3.2.7).</summary>
    internal const int MaximumBits = 15;

    /// <summary>Symbols of the largest alphabet, with the two that no stream may use.</summary>
    internal const int MaximumSymbols = 288;

    /// <summary>Computes the lengths of a Huffman code, cut to a longest one.</summary>
    /// <param name="frequencies">How often each symbol occurs; at most 2^20 times all together.</param>
    /// <param name="maximum">Longest code that is allowed.</param>
    /// <param name="lengths">Takes the length of each symbol, 0 for those that do not occur. A symbol that is alone gets one of 1 bit.</param>
    internal static void Compute(ReadOnlySpan<int> frequencies, int maximum, Span<byte> lengths)
    {
        // Sorted as frequency and symbol in one number.
        Span<long> sorted = stackalloc long[MaximumSymbols];
        var count = 0;
        for (var symbol = 0; symbol < frequencies.Length; symbol++)
        {
            if (frequencies[symbol] > 0)
            {
                sorted[count++] = ((long)frequencies[symbol] << 16) | (uint)symbol;
            }
        }

        lengths.Clear();
        sorted = sorted[..count];
        if (count < 2)
        {
            if (count == 1)
            {
                lengths[(int)(sorted[0] & 0xffff)] = 1;
            }

            return;
        }

        sorted.Sort();
        Span<int> perLength = stackalloc int[MaximumBits + 1];
        perLength.Clear();
        CountDepths(sorted, maximum, perLength);

        // The rarest symbols have the longest codes.
        var next = 0;
        for (var length = maximum; length > 0; length--)
        {
            for (var i = 0; i < perLength[length]; i++)
            {
                lengths[(int)(sorted[next++] & 0xffff)] = (byte)length;
            }
        }
    }

    /// <summary>Gives each symbol its code with the bits reversed, as they are written.</summary>
    internal static void Assign(ReadOnlySpan<byte> lengths, Span<ushort> codes)
    {
        Span<int> next = stackalloc int[MaximumBits + 2];
        next.Clear();
        foreach (var length in lengths)
        {
            next[length + 1]++;
        }

        next[1] = 0;
        for (var length = 1; length <= MaximumBits; length++)
        {
            next[length + 1] = (next[length] + next[length + 1]) << 1;
        }

        for (var symbol = 0; symbol < lengths.Length; symbol++)
        {
            codes[symbol] = Reverse(next[lengths[symbol]]++, lengths[symbol]);
        }
    }

    /// <summary>Builds the tree with two queues: leaves by frequency, and inner nodes as they come, which is by frequency as well.</summary>
    private static void CountDepths(ReadOnlySpan<long> sorted, int maximum, Span<int> perLength)
    {
        Span<long> weights = stackalloc long[MaximumSymbols];
        Span<int> parents = stackalloc int[MaximumSymbols * 2];
        var (leaf, inner) = (0, 0);
        var leaves = sorted.Length;
        for (var node = 0; node < leaves - 1; node++)
        {
            weights[node] = 0;
            for (var i = 0; i < 2; i++)
            {
                if (inner >= node || (leaf < leaves && sorted[leaf] >> 16 <= weights[inner]))
                {
                    weights[node] += sorted[leaf] >> 16;
                    parents[leaf++] = node;
                }
                else
                {
                    weights[node] += weights[inner];
                    parents[leaves + inner++] = node;
                }
            }
        }

        // From the root down: inner nodes know the depth of their children.
        Span<int> depths = stackalloc int[MaximumSymbols];
        depths[leaves - 2] = 0;
        for (var node = leaves - 3; node >= 0; node--)
        {
            depths[node] = depths[parents[leaves + node]] + 1;
        }

        var excess = 0L;
        for (var i = 0; i < leaves; i++)
        {
            var length = Math.Min(depths[parents[i]] + 1, maximum);
            perLength[length]++;
            excess += 1L << (maximum - length);
        }

        Shorten(perLength, maximum, excess - (1L << maximum));
    }

    /// <summary>Makes room for codes that were cut: shorter ones become longer, until all fit.</summary>
    private static void Shorten(Span<int> perLength, int maximum, long excess)
    {
        while (excess > 0)
        {
            // The longest code that can still become longer costs least.
            var length = maximum - 1;
            while (perLength[length] == 0)
            {
                length--;
            }

            perLength[length]--;
            perLength[length + 1]++;
            excess -= 1L << (maximum - length - 1);
        }

        // One step too far leaves room for a code to become shorter.
        while (excess < 0)
        {
            var length = maximum;
            while (perLength[length] == 0 || 1L << (maximum - length) > -excess)
            {
                length--;
            }

            perLength[length]--;
            perLength[length - 1]++;
            excess += 1L << (maximum - length);
        }
    }

    private static ushort Reverse(int code, int length)
    {
        var reversed = 0;
        for (; length > 0; length--, code >>= 1)
        {
            reversed = (reversed << 1) | (code & 1);
        }

        return (ushort)reversed;
    }
}
