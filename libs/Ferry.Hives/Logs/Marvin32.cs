using System.Buffers.Binary;
using System.Numerics;

namespace Ferry.Hives.Logs;

/// <summary>Marvin32 with the seed of registry logs, in all its 64 bits.</summary>
internal static class Marvin32
{
    private const uint SeedLow = 0x7A4E_55C5;
    private const uint SeedHigh = 0x82EF_4D88;
    private const uint Padding = 0x80;

    public static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        var (low, high) = (SeedLow, SeedHigh);
        for (; bytes.Length >= sizeof(uint); bytes = bytes[sizeof(uint)..])
        {
            low = unchecked(low + BinaryPrimitives.ReadUInt32LittleEndian(bytes));
            Mix(ref low, ref high);
        }

        var last = Padding;
        for (var i = bytes.Length - 1; i >= 0; i--)
        {
            last = (last << 8) | bytes[i];
        }

        low = unchecked(low + last);
        Mix(ref low, ref high);
        Mix(ref low, ref high);
        return ((ulong)high << 32) | low;
    }

    private static void Mix(ref uint low, ref uint high)
    {
        unchecked
        {
            high ^= low;
            low = BitOperations.RotateLeft(low, 20) + high;
            high = BitOperations.RotateLeft(high, 9) ^ low;
            low = BitOperations.RotateLeft(low, 27) + high;
            high = BitOperations.RotateLeft(high, 19);
        }
    }
}
