using System.Buffers.Binary;
using System.Text;

namespace Ferry.DiskImages.Vdi;

/// <summary>
/// Pre-header at offset 0 ("All about VDIs", VirtualBox forum topic 8046; VirtualBox's <c>VDIPREHEADER</c>). Little-endian. While Ferry writes an image
/// the eight bytes of signature and version are <see cref="BegunSignature"/>, while it writes a delta to a complete one <see cref="DeltaSignature"/>;
/// completing changes them and nothing else of the structure.
/// </summary>
/// <param name="Text">Offset 0: 64 bytes for people, which name the program that wrote the file.</param>
/// <param name="IsComplete">Offset 64: signature, 0xbeda107f.</param>
/// <param name="Version">Offset 68: major version in the upper, minor version in the lower 16 bits.</param>
internal readonly record struct VdiPreHeader(string Text, bool IsComplete, uint Version)
{
    /// <summary>Bytes of the structure.</summary>
    internal const int Size = 72;

    /// <summary>Where signature and version stand.</summary>
    internal const int SignatureOffset = 64;

    /// <summary>Version 1.1, the only one that has been written since 2006.</summary>
    internal const uint Version11 = 0x00010001;

    private const int TextSize = 64;
    private const uint Magic = 0xbeda107f;

    /// <summary>The major version: 0 has <see cref="VdiHeader0"/> behind it, 1 has <see cref="VdiHeader"/>.</summary>
    internal uint Major => Version >> 16;

    /// <summary>The minor version.</summary>
    internal uint Minor => Version & 0xffff;

    /// <summary>Signature and version of a complete image of version 1.1.</summary>
    internal static ReadOnlySpan<byte> Signature => [0x7f, 0x10, 0xda, 0xbe, 0x01, 0x00, 0x01, 0x00];

    /// <summary>What stands in their place in a file that Ferry has begun and not finished.</summary>
    internal static ReadOnlySpan<byte> BegunSignature => "FERRYINC"u8;

    /// <summary>What stands in their place in an image that Ferry is changing.</summary>
    internal static ReadOnlySpan<byte> DeltaSignature => "FERRYDLT"u8;

    /// <summary>Whether a file begins with the pre-header of an image.</summary>
    internal static bool IsMatch(ReadOnlySpan<byte> start) =>
        start.Length >= Size && BinaryPrimitives.ReadUInt32LittleEndian(start[SignatureOffset..]) == Magic;

    /// <summary>Whether a file is an image that Ferry has begun and not finished.</summary>
    internal static bool IsBegun(ReadOnlySpan<byte> start) => start.Length >= Size && start[SignatureOffset..].StartsWith(BegunSignature);

    /// <summary>Whether a file is an image that Ferry is changing.</summary>
    internal static bool IsChanging(ReadOnlySpan<byte> start) => start.Length >= Size && start[SignatureOffset..].StartsWith(DeltaSignature);

    /// <summary>Whether a file is one or the other.</summary>
    internal static bool IsIncomplete(ReadOnlySpan<byte> start) => IsBegun(start) || IsChanging(start);

    /// <summary>Reads the structure.</summary>
    internal static VdiPreHeader Read(ReadOnlySpan<byte> bytes)
    {
        var text = bytes[..TextSize];
        var end = text.IndexOf((byte)0);
        return new VdiPreHeader(
            Encoding.Latin1.GetString(end < 0 ? text : text[..end]), IsMatch(bytes), BinaryPrimitives.ReadUInt32LittleEndian(bytes[(SignatureOffset + 4)..]));
    }

    /// <summary>Writes the structure.</summary>
    internal void Write(Span<byte> bytes)
    {
        bytes[..Size].Clear();
        Encoding.Latin1.GetBytes(Text, bytes[..TextSize]);
        if (!IsComplete)
        {
            BegunSignature.CopyTo(bytes[SignatureOffset..]);
            return;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(bytes[SignatureOffset..], Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[(SignatureOffset + 4)..], Version);
    }
}
