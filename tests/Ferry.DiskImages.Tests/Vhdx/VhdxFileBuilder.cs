using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Ferry.DiskImages.Tests.Vhdx;

/// <summary>Lays out VHDX files byte by byte from MS-VHDX alone: log at 1 MiB, metadata at 2 MiB, table at 3 MiB, blocks where the test says.</summary>
internal sealed class VhdxFileBuilder
{
    public const int MiB = 1 << 20;
    public const long LogOffset = MiB;
    public const long MetadataOffset = 2 * MiB;
    public const long BatOffset = 3 * MiB;

    private readonly List<(Guid Id, byte[] Bytes, uint Flags)> _items = [];
    private readonly List<(long Offset, byte[] Bytes)> _writes = [];

    public required long Capacity { get; init; }

    public int BlockSize { get; init; } = MiB;

    public int SectorSize { get; init; } = 512;

    public Guid DataWriteId { get; init; } = Guid.NewGuid();

    public Guid LogId { get; init; }

    public ushort Version { get; init; } = 1;

    public int LogLength { get; init; } = MiB;

    public bool IsFixed { get; init; }

    /// <summary>The keys and values of the parent locator; null: no parent.</summary>
    public IReadOnlyDictionary<string, string>? Parent { get; init; }

    public Guid LocatorType { get; init; } = new("B04AEFB7-D19E-4A81-B789-25B8E9445913");

    /// <summary>Further regions: id, required.</summary>
    public List<(Guid Id, bool IsRequired)> Regions { get; } = [];

    /// <summary>Further metadata items.</summary>
    public List<(Guid Id, byte[] Bytes, uint Flags)> Items => _items;

    public long ChunkRatio => (1L << 23) * SectorSize / BlockSize;

    public long BlockCount => (Capacity + BlockSize - 1) / BlockSize;

    public long BatLength => (((((BlockCount + ChunkRatio - 1) / ChunkRatio) * (ChunkRatio + 1) * 8) + MiB - 1) / MiB) * MiB;

    /// <summary>The first place behind the table.</summary>
    public long PayloadOffset => BatOffset + BatLength;

    /// <summary>Sets a payload block's entry.</summary>
    public void Block(long block, int state, long fileOffset = 0) => Entry(block + (block / ChunkRatio), state, fileOffset);

    /// <summary>Sets a sector bitmap block's entry.</summary>
    public void Bitmap(long chunk, int state, long fileOffset) => Entry((chunk * (ChunkRatio + 1)) + ChunkRatio, state, fileOffset);

    /// <summary>Puts bytes anywhere, after everything else.</summary>
    public void Write(long offset, byte[] bytes) => _writes.Add((offset, bytes));

    /// <summary>Writes the file.</summary>
    public void Save(string path, long length)
    {
        using var file = File.Create(path);
        file.SetLength(length);
        At(file, 0, [.. "vhdxfile"u8, .. Encoding.Unicode.GetBytes("test builder")]);
        At(file, 64 * 1024, Header(6));
        At(file, 128 * 1024, Header(7));
        At(file, 192 * 1024, RegionTable());
        At(file, 256 * 1024, RegionTable());
        At(file, MetadataOffset, Metadata());
        foreach (var (offset, bytes) in _writes)
        {
            At(file, offset, bytes);
        }
    }

    public byte[] Header(ulong sequenceNumber)
    {
        var bytes = new byte[4096];
        "head"u8.CopyTo(bytes);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), sequenceNumber);
        Guid.NewGuid().TryWriteBytes(bytes.AsSpan(16));
        DataWriteId.TryWriteBytes(bytes.AsSpan(32));
        LogId.TryWriteBytes(bytes.AsSpan(48));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(66), Version);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(68), LogLength);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(72), LogOffset);
        Sum(bytes, 4);
        return bytes;
    }

    /// <summary>Sets the CRC-32C of a structure.</summary>
    public static void Sum(Span<byte> bytes, int offset)
    {
        bytes.Slice(offset, 4).Clear();
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(bytes[offset..], ~crc);
    }

    private static void At(FileStream file, long offset, byte[] bytes)
    {
        file.Position = offset;
        file.Write(bytes);
    }

    private void Entry(long index, int state, long fileOffset)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)fileOffset | (uint)state);
        Write(BatOffset + (index * 8), bytes);
    }

    private byte[] RegionTable()
    {
        var bytes = new byte[64 * 1024];
        "regi"u8.CopyTo(bytes);
        (Guid Id, long Offset, int Length, bool IsRequired)[] regions =
        [
            (new("8B7CA206-4790-4B9A-B8FE-575F050F886E"), MetadataOffset, MiB, true),
            (new("2DC27766-F623-4200-9D64-115E9BFD4A08"), BatOffset, (int)BatLength, true),
            .. Regions.Select(r => (r.Id, 0L, 0, r.IsRequired)),
        ];
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), regions.Length);
        for (var i = 0; i < regions.Length; i++)
        {
            var entry = bytes.AsSpan(16 + (i * 32));
            regions[i].Id.TryWriteBytes(entry);
            BinaryPrimitives.WriteInt64LittleEndian(entry[16..], regions[i].Offset);
            BinaryPrimitives.WriteInt32LittleEndian(entry[24..], regions[i].Length);
            BinaryPrimitives.WriteInt32LittleEndian(entry[28..], regions[i].IsRequired ? 1 : 0);
        }

        Sum(bytes, 4);
        return bytes;
    }

    private byte[] Metadata()
    {
        var parameters = new byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(parameters, BlockSize);
        BinaryPrimitives.WriteInt32LittleEndian(parameters.AsSpan(4), (IsFixed ? 1 : 0) | (Parent is null ? 0 : 2));
        List<(Guid Id, byte[] Bytes, uint Flags)> items =
        [
            (new("CAA16737-FA36-4D43-B3B6-33F0AA44E76B"), parameters, 4),
            (new("2FA54224-CD1B-4876-B211-5DBED83BF4B8"), BitConverter.GetBytes(Capacity), 6),
            (new("BECA12AB-B2E6-4523-93EF-C309E000C746"), Guid.NewGuid().ToByteArray(), 6),
            (new("8141BF1D-A96F-4709-BA47-F233A8FAAB5F"), BitConverter.GetBytes(SectorSize), 6),
            (new("CDA348C7-445D-4471-9CC9-E9885251C556"), BitConverter.GetBytes(4096), 6),
            .. Parent is null ? [] : new[] { (new Guid("A8D35F2D-B30B-454D-ABF7-D3D84834AB0C"), Locator(Parent), 4u) },
        ];
        items.InsertRange(0, _items);
        var bytes = new byte[(64 * 1024) + items.Sum(item => item.Bytes.Length)];
        "metadata"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(10), (short)items.Count);
        var at = 64 * 1024;
        for (var i = 0; i < items.Count; i++)
        {
            var entry = bytes.AsSpan(32 + (i * 32));
            items[i].Id.TryWriteBytes(entry);
            BinaryPrimitives.WriteInt32LittleEndian(entry[16..], items[i].Bytes.Length == 0 ? 0 : at);
            BinaryPrimitives.WriteInt32LittleEndian(entry[20..], items[i].Bytes.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[24..], items[i].Flags);
            items[i].Bytes.CopyTo(bytes, at);
            at += items[i].Bytes.Length;
        }

        return bytes;
    }

    private byte[] Locator(IReadOnlyDictionary<string, string> entries)
    {
        var texts = new List<byte>();
        var table = new byte[20 + (entries.Count * 12)];
        LocatorType.TryWriteBytes(table);
        BinaryPrimitives.WriteInt16LittleEndian(table.AsSpan(18), (short)entries.Count);
        var i = 0;
        foreach (var (key, value) in entries)
        {
            var entry = table.AsSpan(20 + (i++ * 12));
            var (k, v) = (Encoding.Unicode.GetBytes(key), Encoding.Unicode.GetBytes(value));
            BinaryPrimitives.WriteInt32LittleEndian(entry, table.Length + texts.Count);
            texts.AddRange(k);
            BinaryPrimitives.WriteInt32LittleEndian(entry[4..], table.Length + texts.Count);
            texts.AddRange(v);
            BinaryPrimitives.WriteInt16LittleEndian(entry[8..], (short)k.Length);
            BinaryPrimitives.WriteInt16LittleEndian(entry[10..], (short)v.Length);
        }

        return [.. table, .. texts];
    }
}
