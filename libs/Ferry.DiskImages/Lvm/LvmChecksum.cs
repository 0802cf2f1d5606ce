using Ferry.DiskImages.Checksums;

namespace Ferry.DiskImages.Lvm;

/// <summary>CRC-32 with LVM's own start value, without final inversion (LVM2, lib/misc/crc.h: INITIAL_CRC).</summary>
internal static class LvmChecksum
{
    private const uint Start = 0xf597a6cf;

    /// <summary>The checksum of one range.</summary>
    internal static uint Compute(ReadOnlySpan<byte> bytes) => Crc32.Append(Start, bytes);
}
