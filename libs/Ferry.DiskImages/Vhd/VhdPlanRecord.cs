using System.Text;

namespace Ferry.DiskImages.Vhd;

/// <summary>
/// Ferry's own structure in the gap between the dynamic disk header and the block allocation table, at offset 1536: tells that Ferry laid the file out and
/// by which plan or, later, delta. The signature is "FERRYIMG".
/// </summary>
/// <param name="Digest">Offset 8: 64 hexadecimal digits, or zeros when the image was not written by a plan.</param>
internal readonly record struct VhdPlanRecord(string Digest)
{
    /// <summary>Size on disk.</summary>
    internal const int Size = 8 + DigestSize;

    private const int DigestSize = 64;

    private static ReadOnlySpan<byte> Signature => "FERRYIMG"u8;

    /// <summary>Reads the structure; null when there is none.</summary>
    internal static VhdPlanRecord? Read(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Signature)
        ? new VhdPlanRecord(Encoding.ASCII.GetString(bytes.Slice(Signature.Length, DigestSize)).TrimEnd('\0'))
        : null;

    /// <summary>Writes the structure.</summary>
    internal void Write(Span<byte> bytes)
    {
        bytes[..Size].Clear();
        Signature.CopyTo(bytes);
        Encoding.ASCII.GetBytes(Digest, bytes.Slice(Signature.Length, DigestSize));
    }
}
