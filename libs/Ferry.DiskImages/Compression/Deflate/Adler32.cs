using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ferry.DiskImages.Compression.Deflate;

/// <summary>The check sum of a zlib stream (RFC 1950, 9): s1 is 1 plus the sum of all bytes, s2 the sum of all values that s1 had, both modulo 65,521.</summary>
internal static class Adler32
{
    private const uint Modulus = 65521;

    /// <summary>Bytes of a block of the vector code.</summary>
    private const int Block = 32;

    /// <summary>Blocks after which a 16-bit sum of weighted bytes may overflow: 255 * 22 * 21 / 2 is below 65,536.</summary>
    private const int BlocksPerRound = 22;

    /// <summary>Computes the sum.</summary>
    internal static uint Compute(ReadOnlySpan<byte> data)
    {
        uint s1 = 1;
        uint s2 = 0;
        while (data.Length >= Block)
        {
            var blocks = Math.Min(data.Length / Block, BlocksPerRound);
            AddBlocks(ref MemoryMarshal.GetReference(data), blocks, ref s1, ref s2);
            data = data[(blocks * Block)..];
        }

        foreach (var value in data)
        {
            s1 += value;
            s2 += s1;
        }

        return ((s2 % Modulus) << 16) | (s1 % Modulus);
    }

    /// <summary>
    /// Sums the columns of the blocks first: a column's sum counts once in s1; in s2 a byte counts once for itself and once for every byte behind it.
    /// </summary>
    private static void AddBlocks(ref byte data, int blocks, ref uint s1, ref uint s2)
    {
        var (low, high) = (Vector256<ushort>.Zero, Vector256<ushort>.Zero);
        var (lowBefore, highBefore) = (Vector256<ushort>.Zero, Vector256<ushort>.Zero);
        for (var i = 0; i < blocks; i++)
        {
            lowBefore += low;
            highBefore += high;
            var (a, b) = Vector256.Widen(Vector256.LoadUnsafe(ref Unsafe.Add(ref data, i * Block)));
            low += a;
            high += b;
        }

        // Weights 32..1 within a block, and 32 for every block behind it.
        var weighted = Weigh(low, 32) + Weigh(high, 16);
        s2 += (s1 * (uint)(blocks * Block)) + weighted + (Block * (Sum(lowBefore) + Sum(highBefore)));
        s1 = (s1 + Sum(low) + Sum(high)) % Modulus;
        s2 %= Modulus;
    }

    private static uint Sum(Vector256<ushort> columns)
    {
        var (a, b) = Vector256.Widen(columns);
        return Vector256.Sum(a + b);
    }

    /// <summary>The columns weighted with a number that falls from the first column on.</summary>
    private static uint Weigh(Vector256<ushort> columns, uint first)
    {
        var (a, b) = Vector256.Widen(columns);
        var weights = Vector256.Create(first) - Vector256<uint>.Indices;
        return Vector256.Sum((a * weights) + (b * (weights - Vector256.Create(8u))));
    }
}
