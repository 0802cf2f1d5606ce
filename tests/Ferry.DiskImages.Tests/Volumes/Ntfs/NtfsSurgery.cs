using System.Buffers.Binary;
using Xunit;

namespace Ferry.DiskImages.Tests.Volumes.Ntfs;

/// <summary>Changes NTFS structures in an image that mkfs.ntfs made: states that no program here can make.</summary>
internal static class NtfsSurgery
{
    private const int RecordSize = 1024;
    private const int Stride = 512;

    /// <summary>Moves the content of $Bitmap, or its second half, to a free record, and names it in an attribute list.</summary>
    public static void SplitBitmap(byte[] image, bool firstPartInRecord)
    {
        var record = Open(image, 6);
        var (_, attribute) = Find(record, 0x80);
        var (lcn, count) = ReadRun(attribute);
        var clusters = (int)count;
        Assert.True(clusters > 4);
        var first = NonResident(attribute, 0, lcn, clusters / 2);
        var second = NonResident(attribute, clusters / 2, lcn + (clusters / 2), clusters - (clusters / 2));

        var free = Enumerable.Range(24, 40).First(number => (Open(image, number)[22] & 1) == 0);
        var list = new List<byte>();
        var attributes = ReadAttributes(record).Where(bytes => Type(bytes) != 0x80).ToList();
        foreach (var other in attributes.Where(other => Type(other) < 0x80))
        {
            AddListEntry(list, other, 0, Reference(image, 6));
        }

        AddListEntry(list, first, 0, Reference(image, firstPartInRecord ? 6 : free));
        AddListEntry(list, second, clusters / 2, Reference(image, free));
        Assert.DoesNotContain(attributes, other => Type(other) > 0x80);
        attributes.Add(Resident(0x20, [.. list]));
        if (firstPartInRecord)
        {
            attributes.Add(first);
        }

        WriteAttributes(record, [.. attributes.OrderBy(Type)]);
        Close(image, 6, record);

        var extension = Open(image, free);
        extension[22] |= 1;
        BinaryPrimitives.WriteUInt64LittleEndian(extension.AsSpan(32), Reference(image, 6));
        WriteAttributes(extension, firstPartInRecord ? [second] : [first, second]);
        Close(image, free, extension);
    }

    public static void SetVolumeFlags(byte[] image, ushort flags)
    {
        var record = Open(image, 3);
        var (at, attribute) = Find(record, 0x70);
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(at + BinaryPrimitives.ReadUInt16LittleEndian(attribute.AsSpan(20)) + 10), flags);
        Close(image, 3, record);
    }

    public static void WriteRestartPage(byte[] image, int number, ulong sequence, short version, ushort client, ushort flags)
    {
        var page = new byte[4096];
        "RSTR"u8.CopyTo(page);
        BinaryPrimitives.WriteUInt16LittleEndian(page.AsSpan(4), 30);
        BinaryPrimitives.WriteUInt16LittleEndian(page.AsSpan(6), 9);
        BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(16), 4096);
        BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(20), 4096);
        BinaryPrimitives.WriteUInt16LittleEndian(page.AsSpan(24), 48);
        BinaryPrimitives.WriteInt16LittleEndian(page.AsSpan(26), 1);
        BinaryPrimitives.WriteInt16LittleEndian(page.AsSpan(28), version);
        BinaryPrimitives.WriteUInt64LittleEndian(page.AsSpan(48), sequence);
        BinaryPrimitives.WriteUInt16LittleEndian(page.AsSpan(60), client);
        BinaryPrimitives.WriteUInt16LittleEndian(page.AsSpan(62), flags);
        Protect(page);
        var (lcn, _) = ReadRun(Find(Open(image, 2), 0x80).Attribute);
        page.CopyTo(image.AsSpan((int)(lcn * ClusterSize(image)) + (number * 4096)));
    }

    public static void Damage(byte[] image, string what)
    {
        var record = Open(image, 6);
        var (at, attribute) = Find(record, 0x80);
        var (lcn, count) = ReadRun(attribute);
        switch (what)
        {
            case "a record's fixup":
                image[RecordOffset(image, 3) + Stride - 1] ^= 1;
                return;
            case "the bitmap says that a system file is free":
                image[lcn * ClusterSize(image)] &= 0xfe;
                return;
            case "more sectors than the volume":
                image[44] = 1;
                return;
            case "mft elsewhere":
                image[48]++;
                return;
            case "holes in the bitmap":
                WriteAttributes(record, [.. ReadAttributes(record).Select(bytes => Type(bytes) == 0x80 ? WithPairs(bytes, [0x01, (byte)count, 0]) : bytes)]);
                break;
            case "runs that leave the volume":
                WriteAttributes(record, [.. ReadAttributes(record).Select(bytes => Type(bytes) == 0x80 ? WithPairs(bytes, [0x41, (byte)count, 0, 0, 0, 0x7f, 0]) : bytes)]);
                break;
            case "a bitmap that is too short":
                BinaryPrimitives.WriteUInt64LittleEndian(record.AsSpan(at + 56), 8);
                break;
            default:
                throw new ArgumentException(what);
        }

        Close(image, 6, record);
    }

    private static int ClusterSize(byte[] image) => image[13] * BinaryPrimitives.ReadUInt16LittleEndian(image.AsSpan(11));

    private static int RecordOffset(byte[] image, int number) => (int)(BinaryPrimitives.ReadInt64LittleEndian(image.AsSpan(48)) * ClusterSize(image)) + (number * RecordSize);

    private static ulong Reference(byte[] image, int number) =>
        (uint)number | ((ulong)BinaryPrimitives.ReadUInt16LittleEndian(image.AsSpan(RecordOffset(image, number) + 16)) << 48);

    private static byte[] Open(byte[] image, int number)
    {
        var record = image.AsSpan(RecordOffset(image, number), RecordSize).ToArray();
        var sequence = BinaryPrimitives.ReadUInt16LittleEndian(record.AsSpan(4));
        for (var i = 1; i <= RecordSize / Stride; i++)
        {
            record.AsSpan(sequence + (i * 2), 2).CopyTo(record.AsSpan((i * Stride) - 2));
        }

        return record;
    }

    private static void Close(byte[] image, int number, byte[] record)
    {
        Protect(record);
        record.CopyTo(image.AsSpan(RecordOffset(image, number)));
    }

    private static void Protect(byte[] record)
    {
        var sequence = BinaryPrimitives.ReadUInt16LittleEndian(record.AsSpan(4));
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(sequence), 7);
        for (var i = 1; i <= record.Length / Stride; i++)
        {
            record.AsSpan((i * Stride) - 2, 2).CopyTo(record.AsSpan(sequence + (i * 2)));
            BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan((i * Stride) - 2), 7);
        }
    }

    private static uint Type(byte[] attribute) => BinaryPrimitives.ReadUInt32LittleEndian(attribute);

    private static IEnumerable<byte[]> ReadAttributes(byte[] record)
    {
        for (int at = BinaryPrimitives.ReadUInt16LittleEndian(record.AsSpan(20)); BinaryPrimitives.ReadUInt32LittleEndian(record.AsSpan(at)) != uint.MaxValue;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(record.AsSpan(at + 4));
            yield return record.AsSpan(at, length).ToArray();
            at += length;
        }
    }

    private static (int At, byte[] Attribute) Find(byte[] record, uint type)
    {
        var at = (int)BinaryPrimitives.ReadUInt16LittleEndian(record.AsSpan(20));
        foreach (var attribute in ReadAttributes(record))
        {
            if (Type(attribute) == type)
            {
                return (at, attribute);
            }

            at += attribute.Length;
        }

        throw new InvalidOperationException($"no attribute {type:x}");
    }

    private static void WriteAttributes(byte[] record, IReadOnlyList<byte[]> attributes)
    {
        var at = (int)BinaryPrimitives.ReadUInt16LittleEndian(record.AsSpan(20));
        record.AsSpan(at).Clear();
        foreach (var attribute in attributes)
        {
            attribute.CopyTo(record.AsSpan(at));
            at += attribute.Length;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(at), uint.MaxValue);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(24), at + 8);
    }

    private static (long Lcn, long Count) ReadRun(byte[] attribute)
    {
        int at = BinaryPrimitives.ReadUInt16LittleEndian(attribute.AsSpan(32));
        var (countBytes, lcnBytes) = (attribute[at] & 15, attribute[at] >> 4);
        long count = 0, lcn = 0;
        for (var i = 0; i < countBytes; i++)
        {
            count |= (long)attribute[at + 1 + i] << (8 * i);
        }

        for (var i = 0; i < lcnBytes; i++)
        {
            lcn |= (long)attribute[at + 1 + countBytes + i] << (8 * i);
        }

        Assert.Equal(0, attribute[at + 1 + countBytes + lcnBytes]);
        return (lcn, count);
    }

    private static byte[] NonResident(byte[] original, int vcn, long lcn, int count)
    {
        byte[] pairs = [0x41, (byte)count, (byte)lcn, (byte)(lcn >> 8), (byte)(lcn >> 16), (byte)(lcn >> 24), 0];
        var attribute = WithPairs(original, pairs);
        attribute[14] = (byte)(40 + (vcn % 7));
        BinaryPrimitives.WriteInt64LittleEndian(attribute.AsSpan(16), vcn);
        BinaryPrimitives.WriteInt64LittleEndian(attribute.AsSpan(24), vcn + count - 1);
        if (vcn > 0)
        {
            attribute.AsSpan(40, 24).Clear();
        }

        return attribute;
    }

    private static byte[] WithPairs(byte[] original, byte[] pairs)
    {
        var attribute = new byte[72];
        original.AsSpan(0, 64).CopyTo(attribute);
        BinaryPrimitives.WriteInt32LittleEndian(attribute.AsSpan(4), attribute.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(attribute.AsSpan(32), 64);
        pairs.CopyTo(attribute.AsSpan(64));
        return attribute;
    }

    private static byte[] Resident(uint type, byte[] value)
    {
        var attribute = new byte[(24 + value.Length + 7) / 8 * 8];
        BinaryPrimitives.WriteUInt32LittleEndian(attribute, type);
        BinaryPrimitives.WriteInt32LittleEndian(attribute.AsSpan(4), attribute.Length);
        attribute[14] = 50;
        BinaryPrimitives.WriteInt32LittleEndian(attribute.AsSpan(16), value.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(attribute.AsSpan(20), 24);
        value.CopyTo(attribute, 24);
        return attribute;
    }

    private static void AddListEntry(List<byte> list, byte[] attribute, long vcn, ulong reference)
    {
        var entry = new byte[32];
        BinaryPrimitives.WriteUInt32LittleEndian(entry, Type(attribute));
        attribute.AsSpan(14, 2).CopyTo(entry.AsSpan(24));
        BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(4), 32);
        entry[7] = 26;
        BinaryPrimitives.WriteInt64LittleEndian(entry.AsSpan(8), vcn);
        BinaryPrimitives.WriteUInt64LittleEndian(entry.AsSpan(16), reference);
        list.AddRange(entry);
    }
}
