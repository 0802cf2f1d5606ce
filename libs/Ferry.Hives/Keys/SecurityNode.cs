using System.Buffers.Binary;

namespace Ferry.Hives.Keys;

/// <summary>A security descriptor ("sk") with the keys that share it counted, in a ring of all of them.</summary>
/// <param name="cell">The content of its cell.</param>
internal readonly ref struct SecurityNode(Span<byte> cell)
{
    public const int Size = 20;

    private readonly Span<byte> _cell = cell;

    public bool HasSignature => _cell.StartsWith("sk"u8);

    public int Next { get => I32(4); set => Set(4, value); }

    public int Previous { get => I32(8); set => Set(8, value); }

    public int References { get => I32(12); set => Set(12, value); }

    public int Length { get => I32(16); set => Set(16, value); }

    public bool IsInCell => Length >= 0 && Length <= _cell.Length - Size;

    public Span<byte> Descriptor => _cell.Slice(Size, Length);

    public static void WriteSignature(Span<byte> cell) => "sk"u8.CopyTo(cell);

    private int I32(int at) => BinaryPrimitives.ReadInt32LittleEndian(_cell[at..]);

    private void Set(int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(_cell[at..], value);
}
