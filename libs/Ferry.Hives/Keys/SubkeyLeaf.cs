using System.Buffers.Binary;

namespace Ferry.Hives.Keys;

/// <summary>A list of subkeys ("lf" with hints, "lh" with hashes, "li" with neither), or of lists ("ri").</summary>
/// <param name="cell">The content of its cell.</param>
internal readonly ref struct SubkeyLeaf(Span<byte> cell)
{
    public const int HeaderSize = 4;

    private readonly Span<byte> _cell = cell;

    public SubkeyLeafKind Kind => BinaryPrimitives.ReadUInt16LittleEndian(_cell) is var kind && Enum.IsDefined((SubkeyLeafKind)kind) ? (SubkeyLeafKind)kind : SubkeyLeafKind.None;

    public int Count { get => BinaryPrimitives.ReadUInt16LittleEndian(_cell[2..]); set => BinaryPrimitives.WriteUInt16LittleEndian(_cell[2..], (ushort)value); }

    public int EntrySize => SizeOf(Kind);

    public bool IsInCell => HeaderSize + (Count * EntrySize) <= _cell.Length;

    /// <summary>Where the entry leads.</summary>
    public int this[int index] => BinaryPrimitives.ReadInt32LittleEndian(_cell[(HeaderSize + (index * EntrySize))..]);

    public static int SizeOf(SubkeyLeafKind kind) => kind is SubkeyLeafKind.Fast or SubkeyLeafKind.Hashed ? 8 : 4;

    public static int Room(SubkeyLeafKind kind, int count) => HeaderSize + (count * SizeOf(kind));

    /// <summary>What helps to find the name: a hint or a hash.</summary>
    public static uint TagOf(SubkeyLeafKind kind, string name) => kind == SubkeyLeafKind.Hashed ? HiveNames.Hash(name) : HiveNames.Hint(name);

    public uint Tag(int index) => BinaryPrimitives.ReadUInt32LittleEndian(_cell[(HeaderSize + (index * EntrySize) + 4)..]);

    public void Start(SubkeyLeafKind kind, int count)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_cell, (ushort)kind);
        Count = count;
    }

    public void Set(int index, int offset, uint tag)
    {
        var entry = _cell.Slice(HeaderSize + (index * EntrySize), EntrySize);
        BinaryPrimitives.WriteInt32LittleEndian(entry, offset);
        if (entry.Length > 4)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], tag);
        }
    }

    /// <summary>Makes room for an entry, or closes up over one; the cell must have it.</summary>
    public void Move(int from, int to, int count) => _cell.Slice(HeaderSize + (from * EntrySize), count * EntrySize).CopyTo(_cell[(HeaderSize + (to * EntrySize))..]);
}
