using System.Text;

namespace Ferry.DiskImages.Vmdk;

/// <summary>What stands in place of the <see cref="SparseExtentHeader"/> as long as Ferry has not finished a file: one sector, which no program takes for a VMDK.</summary>
/// <param name="Digest">Offset 16: digest of the plan as ASCII digits; null, an empty text in the file: blocks get their places as they come.</param>
internal readonly record struct VmdkMark(string? Digest)
{
    /// <summary>Size on disk: one sector.</summary>
    internal const int Size = 512;

    /// <summary>Bytes of the signatures that say that a file is incomplete.</summary>
    internal const int SignatureSize = 8;

    private const int DigestOffset = 16;
    private const int DigestSize = 64;

    /// <summary>Offset 0 while a file is created, with <see cref="Kind"/> behind it.</summary>
    internal static ReadOnlySpan<byte> Signature => "FERRYINC"u8;

    /// <summary>The same while a delta is written to a complete file; the rest of the header stays.</summary>
    internal static ReadOnlySpan<byte> DeltaSignature => "FERRYDLT"u8;

    /// <summary>Offset 8: tells the file from those of other formats.</summary>
    private static ReadOnlySpan<byte> Kind => "VMDK\0\0\0\0"u8;

    /// <summary>Reads the structure; null when the sector holds another.</summary>
    internal static VmdkMark? TryRead(ReadOnlySpan<byte> sector)
    {
        if (sector.Length < Size || !sector.StartsWith(Signature) || !sector[SignatureSize..].StartsWith(Kind))
        {
            return null;
        }

        var digest = Encoding.ASCII.GetString(sector.Slice(DigestOffset, DigestSize)).TrimEnd('\0');
        return new VmdkMark(digest.Length == 0 ? null : digest);
    }

    /// <summary>Writes the structure.</summary>
    internal void Write(Span<byte> sector)
    {
        sector[..Size].Clear();
        Signature.CopyTo(sector);
        Kind.CopyTo(sector[SignatureSize..]);
        Encoding.ASCII.GetBytes(Digest ?? "", sector.Slice(DigestOffset, DigestSize));
    }
}
