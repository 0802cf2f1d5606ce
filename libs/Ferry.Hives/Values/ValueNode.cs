using System.Buffers.Binary;

namespace Ferry.Hives.Values;

/// <summary>A value ("vk").</summary>
/// <param name="cell">The content of its cell.</param>
internal readonly ref struct ValueNode(Span<byte> cell)
{
    public const int Size = 20;
    public const ushort CompressedName = 1;

    /// <summary>Data up to so many bytes stand in the value itself.</summary>
    public const int MostInline = 4;

    private const uint InlineBit = 0x8000_0000;

    private readonly Span<byte> _cell = cell;

    public bool HasSignature => _cell.StartsWith("vk"u8);

    public ushort NameLength { get => BinaryPrimitives.ReadUInt16LittleEndian(_cell[2..]); set => BinaryPrimitives.WriteUInt16LittleEndian(_cell[2..], value); }

    public bool IsInline => (RawSize & InlineBit) != 0;

    public int DataSize => (int)(RawSize & ~InlineBit);

    public int Data { get => BinaryPrimitives.ReadInt32LittleEndian(_cell[8..]); set => BinaryPrimitives.WriteInt32LittleEndian(_cell[8..], value); }

    public Span<byte> InlineData => _cell.Slice(8, MostInline);

    public uint Type { get => BinaryPrimitives.ReadUInt32LittleEndian(_cell[12..]); set => BinaryPrimitives.WriteUInt32LittleEndian(_cell[12..], value); }

    public ushort Flags { get => BinaryPrimitives.ReadUInt16LittleEndian(_cell[16..]); set => BinaryPrimitives.WriteUInt16LittleEndian(_cell[16..], value); }

    public bool IsNameInCell => Size + NameLength <= _cell.Length;

    public Span<byte> Name => _cell.Slice(Size, NameLength);

    private uint RawSize => BinaryPrimitives.ReadUInt32LittleEndian(_cell[4..]);

    public static void WriteSignature(Span<byte> cell) => "vk"u8.CopyTo(cell);

    public void SetSize(int size, bool isInline) => BinaryPrimitives.WriteUInt32LittleEndian(_cell[4..], (uint)size | (isInline ? InlineBit : 0));
}
