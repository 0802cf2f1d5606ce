using System.Buffers.Binary;

namespace Ferry.Hives.Logs;

/// <summary>A log of the old format (up to Windows 8): a bit for every sector of the bins ("DIRT"), then the sectors.</summary>
internal static class OldLog
{
    private const int Sector = 512;
    private const int BitsPerByte = 8;
    private const int SignatureSize = 4;

    /// <summary>The time of the hive's last write, as the log must have it; from the first bin where the base block is gone.</summary>
    public static ulong TimeOf(ReadOnlySpan<byte> hive, bool isHeaderRight) =>
        BinaryPrimitives.ReadUInt64LittleEndian(hive[(isHeaderRight ? 12 : BaseBlock.Size + 20)..]);

    /// <summary>The sectors to write, or null where the log is not whole.</summary>
    public static List<(int Offset, ReadOnlyMemory<byte> Bytes)>? Read(ReadOnlyMemory<byte> log, uint binsSize)
    {
        var bitmap = (int)(binsSize / Sector / BitsPerByte);
        var start = (Sector + SignatureSize + (long)bitmap + Sector - 1) / Sector * Sector;
        if (start > log.Length || !log.Span[Sector..].StartsWith("DIRT"u8))
        {
            return null;
        }

        var pages = new List<(int, ReadOnlyMemory<byte>)>();
        var bits = log.Span.Slice(Sector + SignatureSize, bitmap);
        var at = (int)start;
        for (var i = 0; i < bitmap * BitsPerByte; i++)
        {
            if ((bits[i / BitsPerByte] >> (i % BitsPerByte) & 1) == 0)
            {
                continue;
            }

            if (at > log.Length - Sector)
            {
                return null;
            }

            pages.Add((i * Sector, log.Slice(at, Sector)));
            at += Sector;
        }

        return pages;
    }
}
