using System.Buffers.Binary;
using System.Numerics;

namespace Ferry.DiskImages.Checksums;

/// <summary>CRC-32C (Castagnoli, RFC 3720 appendix B.4), the checksum of all VHDX structures (MS-VHDX 2.2), and of those of ext4 and XFS.</summary>
internal static class Crc32C
{
    /// <summary>The sum over the bytes, with the four bytes at <paramref name="checksumOffset"/> taken as zero.</summary>
    internal static uint Compute(ReadOnlySpan<byte> bytes, int checksumOffset)
    {
        var crc = Append(uint.MaxValue, bytes[..checksumOffset]);
        crc = BitOperations.Crc32C(crc, 0u);
        return ~Append(crc, bytes[(checksumOffset + sizeof(uint))..]);
    }

    /// <summary>Goes on with a checksum, without any inversion.</summary>
    internal static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return crc;
    }
}
