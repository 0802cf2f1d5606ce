using System.Buffers.Binary;
using System.Text;

namespace Ferry.DiskImages.Tests.Vhd;

/// <summary>Builds VHD files byte by byte as the specification describes them, with whatever a test wants to be wrong; shares no code with the library.</summary>
internal sealed record VhdBuilder
{
    public const int Sector = 512;

    public required byte[] Content { get; init; }

    public uint Type { get; init; } = 3;

    public string Creator { get; init; } = "win ";

    public long? CurrentSize { get; init; }

    public uint Geometry { get; init; } = 0x00010411;

    public Guid Id { get; init; } = new("01020304-0506-0708-090a-0b0c0d0e0f10");

    public uint BlockSize { get; init; } = 4096;

    public uint? TableEntries { get; init; }

    public long TableOffset { get; init; } = 0x600;

    public Guid ParentId { get; init; }

    public string ParentName { get; init; } = "";

    public IReadOnlyList<(string Code, string Path)> Locators { get; init; } = [];

    /// <summary>Which sectors the bitmaps call the image's own; null: all that are not zero.</summary>
    public Func<int, bool>? Own { get; init; }

    /// <summary>What stands in sectors of blocks that are not the image's own.</summary>
    public byte Garbage { get; init; }

    /// <summary>Bytes of the footer at the end: 512, 511, or 0 to leave it out.</summary>
    public int FooterSize { get; init; } = Sector;

    /// <summary>Changes footer and header before their checksums are computed.</summary>
    public Action<byte[]>? Footer { get; init; }

    public Action<byte[]>? Header { get; init; }

    /// <summary>Changes the finished file.</summary>
    public Action<byte[]>? File { get; init; }

    public byte[] Build()
    {
        var file = new List<byte>();
        var footer = BuildFooter();
        if (Type == 2)
        {
            file.AddRange(Content);
        }
        else
        {
            file.AddRange(footer);
            AddBlocks(file);
        }

        file.AddRange(footer[..FooterSize]);
        var bytes = file.ToArray();
        File?.Invoke(bytes);
        return bytes;
    }

    public static void Seal(Span<byte> structure, int position)
    {
        structure.Slice(position, 4).Clear();
        uint sum = 0;
        foreach (var value in structure)
        {
            sum += value;
        }

        BinaryPrimitives.WriteUInt32BigEndian(structure[position..], ~sum);
    }

    private byte[] BuildFooter()
    {
        var footer = new byte[Sector];
        Encoding.ASCII.GetBytes("conectix", footer);
        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(8), 2);
        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(12), 0x10000);
        BinaryPrimitives.WriteUInt64BigEndian(footer.AsSpan(16), Type == 2 ? ulong.MaxValue : Sector);
        Encoding.ASCII.GetBytes(Creator, footer.AsSpan(28));
        var size = CurrentSize ?? Content.Length;
        BinaryPrimitives.WriteInt64BigEndian(footer.AsSpan(40), size);
        BinaryPrimitives.WriteInt64BigEndian(footer.AsSpan(48), size);
        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(56), Geometry);
        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(60), Type);
        Id.TryWriteBytes(footer.AsSpan(68), bigEndian: true, out _);
        Footer?.Invoke(footer);
        Seal(footer, 64);
        return footer;
    }

    private void AddBlocks(List<byte> file)
    {
        var blocks = (int)((Content.Length + BlockSize - 1) / BlockSize);
        var entries = TableEntries ?? (uint)blocks;
        var header = new byte[1024];
        Encoding.ASCII.GetBytes("cxsparse", header);
        BinaryPrimitives.WriteUInt64BigEndian(header.AsSpan(8), ulong.MaxValue);
        BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(16), TableOffset);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(24), 0x10000);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(28), entries);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(32), BlockSize);
        ParentId.TryWriteBytes(header.AsSpan(40), bigEndian: true, out _);
        Encoding.BigEndianUnicode.GetBytes(ParentName, header.AsSpan(64));

        var table = new byte[Math.Max(blocks, Math.Min(entries, 1 << 20)) * 4];
        table.AsSpan().Fill(0xff);
        var next = RoundUp((int)TableOffset + table.Length);
        var rest = new List<byte>();
        for (var i = 0; i < Locators.Count; i++)
        {
            var path = Encoding.Unicode.GetBytes(Locators[i].Path);
            var entry = header.AsSpan(576 + (i * 24));
            Encoding.ASCII.GetBytes(Locators[i].Code, entry);
            BinaryPrimitives.WriteInt32BigEndian(entry[4..], 1);
            BinaryPrimitives.WriteInt32BigEndian(entry[8..], path.Length);
            BinaryPrimitives.WriteInt64BigEndian(entry[16..], next + rest.Count);
            rest.AddRange(path);
            rest.AddRange(new byte[RoundUp(rest.Count) - rest.Count]);
        }

        for (var block = 0; block < blocks; block++)
        {
            if (BuildBlock(block) is { } bytes)
            {
                BinaryPrimitives.WriteInt32BigEndian(table.AsSpan(block * 4), (next + rest.Count) / Sector);
                rest.AddRange(bytes);
            }
        }

        Header?.Invoke(header);
        Seal(header, 36);
        file.AddRange(header);
        file.AddRange(new byte[(int)TableOffset - file.Count]);
        file.AddRange(table);
        file.AddRange(new byte[RoundUp(file.Count) - file.Count]);
        file.AddRange(rest);
    }

    private byte[]? BuildBlock(int block)
    {
        var bitmapSize = RoundUp((int)Math.Max(1, BlockSize / Sector / 8));
        var bytes = new byte[bitmapSize + BlockSize];
        bytes.AsSpan(bitmapSize).Fill(Garbage);
        var any = false;
        for (var i = 0; i < BlockSize / Sector; i++)
        {
            var sector = (int)(block * BlockSize / Sector) + i;
            if (sector * Sector >= Content.Length)
            {
                break;
            }

            var data = Content.AsSpan(sector * Sector, Sector);
            if (Own?.Invoke(sector) ?? data.IndexOfAnyExcept((byte)0) >= 0)
            {
                any = true;
                bytes[i / 8] |= (byte)(0x80 >> (i % 8));
                data.CopyTo(bytes.AsSpan(bitmapSize + (i * Sector)));
            }
        }

        return any ? bytes : null;
    }

    private static int RoundUp(int value) => (value + Sector - 1) / Sector * Sector;
}
