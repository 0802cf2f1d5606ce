namespace Ferry.DiskImages.Compression.Deflate;

/// <summary>What the symbols of DEFLATE mean (RFC 1951, 3.2.5), and the fixed code (3.2.6).</summary>
internal static class DeflateSymbols
{
    private const int Lengths = 29;
    private const int MaximumLength = 258;

    /// <summary>The shortest match of each length symbol, from 257 on.</summary>
    internal static ushort[] FirstLengths { get; } = new ushort[Lengths];

    /// <summary>How many bits behind the symbol say how much longer the match is.</summary>
    internal static byte[] LengthExtraBits { get; } = new byte[Lengths];

    /// <summary>The code lengths of the fixed code.</summary>
    internal static byte[] FixedLengths { get; } =
        [.. Enumerable.Repeat((byte)8, 144), .. Enumerable.Repeat((byte)9, 112), .. Enumerable.Repeat((byte)7, 24), .. Enumerable.Repeat((byte)8, 8)];

    /// <summary>The code lengths of the fixed distance code.</summary>
    internal static byte[] FixedDistanceLengths { get; } = [.. Enumerable.Repeat((byte)5, 32)];

    static DeflateSymbols()
    {
        var length = 3;
        for (var i = 0; i < Lengths; i++)
        {
            var extra = i < 8 ? 0 : (i / 4) - 1;
            FirstLengths[i] = (ushort)length;
            LengthExtraBits[i] = (byte)extra;
            length += 1 << extra;
        }

        // The last symbol is the longest match, without extra bits.
        FirstLengths[Lengths - 1] = MaximumLength;
        LengthExtraBits[Lengths - 1] = 0;
    }
}
