using System.Text;

namespace Ferry.DiskImages.Qcow2;

/// <summary>Entry of the feature name table (qcow2.txt, "Feature name table").</summary>
/// <param name="Kind">Offset 0: 0 incompatible, 1 compatible, 2 autoclear.</param>
/// <param name="Bit">Offset 1: number of the bit.</param>
/// <param name="Name">Offset 2: 46 bytes, padded with zeros.</param>
internal readonly record struct FeatureName(byte Kind, byte Bit, string Name)
{
    /// <summary>Size on disk.</summary>
    internal const int Size = 48;

    /// <summary>The kind of incompatible features.</summary>
    internal const byte Incompatible = 0;

    /// <summary>The kind of autoclear features.</summary>
    internal const byte Autoclear = 2;

    /// <summary>Writes the structure.</summary>
    internal void Write(Span<byte> bytes)
    {
        bytes[..Size].Clear();
        bytes[0] = Kind;
        bytes[1] = Bit;
        Encoding.UTF8.GetBytes(Name, bytes[2..Size]);
    }

    /// <summary>Reads the structure; what is not printable in the name becomes a question mark.</summary>
    internal static FeatureName Read(ReadOnlySpan<byte> bytes)
    {
        var name = bytes[2..Size];
        var end = name.IndexOf((byte)0);
        var text = Encoding.UTF8.GetString(end < 0 ? name : name[..end]);
        return new FeatureName(bytes[0], bytes[1], string.Concat(text.Select(c => char.IsControl(c) ? '?' : c)));
    }
}
