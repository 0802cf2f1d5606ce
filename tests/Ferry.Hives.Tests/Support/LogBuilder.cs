using System.Buffers.Binary;
using System.Text;
using Ferry.Hives.Logs;

namespace Ferry.Hives.Tests.Support;

/// <summary>Logs as Windows writes them, made from a hive before and after a change.</summary>
internal static class LogBuilder
{
    private const int Sector = 512;
    private const int Page = 4096;

    /// <summary>A hive whose last write began and did not end.</summary>
    public static byte[] Dirty(byte[] hive, uint first, uint second) => Mend((byte[])hive.Clone(), first, second, 0);

    /// <summary>A log of the new format: an entry for every step from one version of a hive to the next.</summary>
    public static byte[] New(uint sequence, params byte[][] versions)
    {
        var log = new List<byte>(Header(versions[0], sequence, 6));
        for (var i = 1; i < versions.Length; i++)
        {
            log.AddRange(Entry(versions[i - 1], versions[i], sequence++));
        }

        return [.. log];
    }

    /// <summary>A log of the old format for the write from one version of a hive to the next.</summary>
    public static byte[] Old(byte[] before, byte[] after, uint sequence)
    {
        var bins = after.Length - Page;
        var bitmap = new byte[bins / Sector / 8];
        var pages = new List<byte>();
        for (var i = 0; i < bins / Sector; i++)
        {
            var at = Page + (i * Sector);
            if (at >= before.Length || !before.AsSpan(at, Sector).SequenceEqual(after.AsSpan(at, Sector)))
            {
                bitmap[i / 8] |= (byte)(1 << (i % 8));
                pages.AddRange(after.AsSpan(at, Sector));
            }
        }

        var header = Header(after, sequence, 1);
        before.AsSpan(12, 8).CopyTo(header.AsSpan(12));
        Mend(header, sequence, sequence, 1);
        var vector = (byte[])[.. Encoding.ASCII.GetBytes("DIRT"), .. bitmap];
        return [.. header, .. vector, .. new byte[((vector.Length + Sector - 1) / Sector * Sector) - vector.Length], .. pages];
    }

    /// <summary>Sets sequence numbers, type and checksum.</summary>
    public static byte[] Mend(byte[] header, uint first, uint second, uint type)
    {
        var block = new BaseBlock(header) { Sequence1 = first, Sequence2 = second, Type = type };
        block.SetChecksum();
        return header;
    }

    private static byte[] Header(byte[] hive, uint sequence, uint type) => Mend(hive[..Sector], sequence, sequence, type);

    private static byte[] Entry(byte[] before, byte[] after, uint sequence)
    {
        var changed = Enumerable.Range(0, (after.Length / Page) - 1).Where(i =>
            Page + (i * Page) >= before.Length || !before.AsSpan(Page + (i * Page), Page).SequenceEqual(after.AsSpan(Page + (i * Page), Page))).ToList();
        var content = 40 + (changed.Count * (8 + Page));
        var entry = new byte[(content + Sector - 1) / Sector * Sector];
        "HvLE"u8.CopyTo(entry);
        Set(entry, 4, entry.Length);
        Set(entry, 12, (int)sequence);
        Set(entry, 16, after.Length - Page);
        Set(entry, 20, changed.Count);
        for (var i = 0; i < changed.Count; i++)
        {
            Set(entry, 40 + (8 * i), changed[i] * Page);
            Set(entry, 44 + (8 * i), Page);
            after.AsSpan(Page + (changed[i] * Page), Page).CopyTo(entry.AsSpan(40 + (8 * changed.Count) + (i * Page)));
        }

        Seal(entry);
        return entry;
    }

    /// <summary>Sets the hashes of an entry.</summary>
    public static void Seal(Span<byte> entry)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(entry[24..], Marvin32.Hash(entry[40..]));
        BinaryPrimitives.WriteUInt64LittleEndian(entry[32..], Marvin32.Hash(entry[..32]));
    }

    private static void Set(byte[] bytes, int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), value);
}
