using System.Buffers.Binary;

namespace Ferry.Hives;

/// <summary>The base block: the first 4096 bytes of a hive, and (its first 512) of a log.</summary>
/// <param name="bytes">At least the first 512 bytes.</param>
internal readonly ref struct BaseBlock(Span<byte> bytes)
{
    public const int Size = 4096;
    public const int LogSize = 512;
    private const int ChecksumOffset = 508;

    private readonly Span<byte> _bytes = bytes;

    public bool HasSignature => _bytes.StartsWith("regf"u8);

    public bool IsChecksumRight => U32(ChecksumOffset) == Checksum();

    public uint Sequence1 { get => U32(4); set => Set(4, value); }

    public uint Sequence2 { get => U32(8); set => Set(8, value); }

    public ulong Time
    {
        get => BinaryPrimitives.ReadUInt64LittleEndian(_bytes[12..]);
        set => BinaryPrimitives.WriteUInt64LittleEndian(_bytes[12..], value);
    }

    public uint Major => U32(20);

    public uint Minor => U32(24);

    public uint Type { get => U32(28); set => Set(28, value); }

    public uint Format => U32(32);

    public int Root => unchecked((int)U32(36));

    public uint BinsSize { get => U32(40); set => Set(40, value); }

    public uint Flags { get => U32(144); set => Set(144, value); }

    public void SetChecksum() => Set(ChecksumOffset, Checksum());

    private uint Checksum()
    {
        var sum = 0u;
        for (var at = 0; at < ChecksumOffset; at += 4)
        {
            sum ^= U32(at);
        }

        return sum switch { 0 => 1, uint.MaxValue => uint.MaxValue - 1, _ => sum };
    }

    private uint U32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(_bytes[at..]);

    private void Set(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(_bytes[at..], value);
}
