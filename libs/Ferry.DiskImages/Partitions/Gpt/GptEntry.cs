using System.Buffers.Binary;
using System.Text;

namespace Ferry.DiskImages.Partitions.Gpt;

/// <summary>Partition entry of a GPT (UEFI 2.10, 5.3.3, table 5.6).</summary>
/// <param name="Type">Offset 0; zero: unused.</param>
/// <param name="Id">Offset 16.</param>
/// <param name="First">Offset 32: first sector.</param>
/// <param name="Last">Offset 40: last sector, inclusive.</param>
/// <param name="Attributes">Offset 48.</param>
/// <param name="Name">Offset 56: 36 UTF-16 units.</param>
internal readonly record struct GptEntry(Guid Type, Guid Id, ulong First, ulong Last, ulong Attributes, string Name)
{
    /// <summary>Size on disk, unless the header says a larger one.</summary>
    internal const int Size = 128;

    /// <summary>Reads the structure.</summary>
    internal static GptEntry Read(ReadOnlySpan<byte> bytes)
    {
        var name = Encoding.Unicode.GetString(bytes.Slice(56, 72));
        var end = name.IndexOf('\0', StringComparison.Ordinal);
        return new GptEntry(
            new Guid(bytes[..16]),
            new Guid(bytes.Slice(16, 16)),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[40..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[48..]),
            end < 0 ? name : name[..end]);
    }
}
