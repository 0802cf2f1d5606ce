using System.Buffers.Binary;

namespace Ferry.DiskImages.Vhd;

/// <summary>Checksum of footer and dynamic disk header (VHD 1.0, "Hard Disk Footer Format", Checksum): the one's complement of the sum of all bytes but its own four.</summary>
internal static class VhdChecksum
{
    private const int Size = sizeof(uint);

    /// <summary>Computes the checksum of a structure.</summary>
    /// <param name="bytes">The structure. The byte that a footer of 511 bytes lacks counts as zero.</param>
    /// <param name="position">Where the checksum stands in it.</param>
    internal static uint Compute(ReadOnlySpan<byte> bytes, int position) => ~(Sum(bytes[..position]) + Sum(bytes[(position + Size)..]));

    /// <summary>Whether the checksum in a structure is right.</summary>
    internal static bool IsValid(ReadOnlySpan<byte> bytes, int position) => BinaryPrimitives.ReadUInt32BigEndian(bytes[position..]) == Compute(bytes, position);

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        foreach (var value in bytes)
        {
            sum += value;
        }

        return sum;
    }
}
