using System.Text;

namespace Ferry.DiskImages.Vhdx;

/// <summary>
/// File type identifier (MS-VHDX 2.2.1) at offset 0. While Ferry writes an image the signature is <see cref="IncompleteSignature"/>; completing changes
/// these eight bytes and nothing else of the structure. While it writes a delta to a complete image they are <see cref="DeltaSignature"/>.
/// </summary>
/// <param name="IsComplete">Offset 0: signature, "vhdxfile".</param>
/// <param name="Creator">Offset 8: 256 UTF-16 characters, padded with zeros.</param>
internal readonly record struct FileIdentifier(bool IsComplete, string Creator)
{
    /// <summary>Bytes of the structure; it owns the first 64 KiB of the file.</summary>
    internal const int Size = 8 + CreatorSize;

    /// <summary>Bytes of the signature.</summary>
    internal const int SignatureSize = 8;

    private const int CreatorSize = 512;

    /// <summary>The signature of the specification.</summary>
    internal static ReadOnlySpan<byte> Signature => "vhdxfile"u8;

    /// <summary>The signature of a file that Ferry has not finished.</summary>
    internal static ReadOnlySpan<byte> IncompleteSignature => "FERRYINC"u8;

    /// <summary>The signature of a complete file while Ferry writes a delta to it.</summary>
    internal static ReadOnlySpan<byte> DeltaSignature => "FERRYDLT"u8;

    /// <summary>Whether a file begins with the signature.</summary>
    internal static bool IsMatch(ReadOnlySpan<byte> start) => start.StartsWith(Signature);

    /// <summary>Whether a file is an image that Ferry has begun and not finished.</summary>
    internal static bool IsBegun(ReadOnlySpan<byte> start) => start.StartsWith(IncompleteSignature);

    /// <summary>Whether a file is an image that Ferry is changing.</summary>
    internal static bool IsChanging(ReadOnlySpan<byte> start) => start.StartsWith(DeltaSignature);

    /// <summary>Whether Ferry has not finished what it does to a file.</summary>
    internal static bool IsIncomplete(ReadOnlySpan<byte> start) => IsBegun(start) || IsChanging(start);

    /// <summary>Reads the structure.</summary>
    internal static FileIdentifier Read(ReadOnlySpan<byte> bytes) =>
        new(IsMatch(bytes), Encoding.Unicode.GetString(bytes.Slice(SignatureSize, CreatorSize)).TrimEnd('\0'));

    /// <summary>Writes the structure.</summary>
    internal void Write(Span<byte> bytes)
    {
        bytes[..Size].Clear();
        (IsComplete ? Signature : IncompleteSignature).CopyTo(bytes);
        Encoding.Unicode.GetBytes(Creator, bytes.Slice(SignatureSize, CreatorSize));
    }
}
