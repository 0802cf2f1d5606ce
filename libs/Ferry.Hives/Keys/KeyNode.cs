using System.Buffers.Binary;

namespace Ferry.Hives.Keys;

/// <summary>A key ("nk").</summary>
/// <param name="cell">The content of its cell.</param>
internal readonly ref struct KeyNode(Span<byte> cell)
{
    public const int Size = 76;
    public const ushort RootFlags = 0x4 | 0x8;
    public const ushort SymbolicLink = 0x10;
    public const ushort CompressedName = 0x20;
    public const ushort PredefinedHandle = 0x40;

    private readonly Span<byte> _cell = cell;

    public bool HasSignature => _cell.StartsWith("nk"u8);

    public ushort Flags { get => U16(2); set => Set16(2, value); }

    public ulong Time
    {
        get => BinaryPrimitives.ReadUInt64LittleEndian(_cell[4..]);
        set => BinaryPrimitives.WriteUInt64LittleEndian(_cell[4..], value);
    }

    public int Parent { get => I32(16); set => Set(16, value); }

    public int SubkeyCount { get => I32(20); set => Set(20, value); }

    public int Subkeys { get => I32(28); set => Set(28, value); }

    /// <summary>Volatile keys are never on disk: what stands here is what was in memory.</summary>
    public int VolatileSubkeys { set => Set(32, value); }

    public int ValueCount { get => I32(36); set => Set(36, value); }

    public int Values { get => I32(40); set => Set(40, value); }

    public int Security { get => I32(44); set => Set(44, value); }

    public int Class { get => I32(48); set => Set(48, value); }

    /// <summary>Bytes of the longest name of a subkey, in UTF-16. The two bytes after it are flags.</summary>
    public ushort LongestSubkeyName { get => U16(52); set => Set16(52, value); }

    public int LongestClass { get => I32(56); set => Set(56, value); }

    public int LongestValueName { get => I32(60); set => Set(60, value); }

    public int LongestData { get => I32(64); set => Set(64, value); }

    public ushort NameLength { get => U16(72); set => Set16(72, value); }

    public ushort ClassLength { get => U16(74); set => Set16(74, value); }

    public Span<byte> Name => _cell.Slice(Size, NameLength);

    public bool IsNameInCell => Size + NameLength <= _cell.Length;

    public static void WriteSignature(Span<byte> cell) => "nk"u8.CopyTo(cell);

    private ushort U16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(_cell[at..]);

    private int I32(int at) => BinaryPrimitives.ReadInt32LittleEndian(_cell[at..]);

    private void Set16(int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(_cell[at..], value);

    private void Set(int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(_cell[at..], value);
}
