namespace Ferry.DiskImages.Checksums;

/// <summary>CRC-16 with the reflected polynomial 0xA001 (ANSI), without inversions, as the group descriptors of ext4 use it.</summary>
internal static class Crc16
{
    /// <summary>Goes on with a checksum.</summary>
    internal static ushort Append(ushort crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (ushort)((crc >> 1) ^ ((crc & 1) != 0 ? 0xa001 : 0));
            }
        }

        return crc;
    }
}
