using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Ferry.DiskImages.Writing;

/// <summary>
/// What Ferry notes about an image in the image itself, at a place that the format leaves free: the delta that is being written, or the last plan or delta
/// that was, and the content that the image holds. 128 bytes that lie within one sector, so that they are written whole or not at all; little-endian.
/// </summary>
/// <param name="State">Offset 12.</param>
/// <param name="Digest">Offset 16: <see cref="PlanDigest"/> of the plan or delta, 32 bytes, as 64 hexadecimal digits.</param>
/// <param name="OldCount">Offset 48: blocks in use before the delta, or whatever else finds the format's old end again.</param>
/// <param name="OldEnd">Offset 56: a second number for the format.</param>
/// <param name="ContentId">Offset 64: what the image holds, 32 bytes, as 64 hexadecimal digits; null, zeros in the file: not said.</param>
internal readonly record struct ImageRecord(ImageRecordState State, string Digest, long OldCount = 0, long OldEnd = 0, string? ContentId = null)
{
    /// <summary>Size on disk.</summary>
    internal const int Size = 128;

    private const int SignatureSize = 8;
    private const int IdSize = SHA256.HashSizeInBytes;
    private const int ChecksumOffset = 96;
    private const uint Version = 1;
    private static readonly System.Buffers.SearchValues<char> Digits = System.Buffers.SearchValues.Create("0123456789abcdef");

    /// <summary>Offset 0: signature. Offset 8: version. Offset 96: SHA-256 over the 96 bytes before.</summary>
    private static ReadOnlySpan<byte> Signature => "FERRYREC"u8;

    /// <summary>Whether a text is an id or digest that a record can hold: 64 lower-case hexadecimal digits.</summary>
    internal static bool IsId(string text) => text.Length == IdSize * 2 && !text.AsSpan().ContainsAnyExcept(Digits);

    /// <summary>Checks an id that a caller gives.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    internal static string RequireId(string text) =>
        text is not null && IsId(text) ? text : throw new ArgumentException("The id of a content has 64 lower-case hexadecimal digits.", nameof(text));

    /// <summary>Reads the structure; null when the bytes are none or were torn.</summary>
    internal static ImageRecord? TryRead(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Size
            || !bytes.StartsWith(Signature)
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[SignatureSize..]) != Version
            || !SHA256.HashData(bytes[..ChecksumOffset]).AsSpan().SequenceEqual(bytes.Slice(ChecksumOffset, IdSize)))
        {
            return null;
        }

        var content = bytes.Slice(64, IdSize);
        return new ImageRecord(
            (ImageRecordState)BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]),
            Convert.ToHexStringLower(bytes.Slice(16, IdSize)),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[48..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[56..]),
            content.ContainsAnyExcept((byte)0) ? Convert.ToHexStringLower(content) : null);
    }

    /// <summary>Writes the structure.</summary>
    internal void Write(Span<byte> bytes)
    {
        bytes = bytes[..Size];
        bytes.Clear();
        Signature.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[SignatureSize..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[12..], (uint)State);
        Convert.FromHexString(Digest, bytes.Slice(16, IdSize), out _, out _);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[48..], OldCount);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[56..], OldEnd);
        Convert.FromHexString(ContentId ?? "", bytes.Slice(64, IdSize), out _, out _);
        SHA256.HashData(bytes[..ChecksumOffset], bytes.Slice(ChecksumOffset, IdSize));
    }
}
