using System.Buffers.Binary;
using System.Text;

namespace Ferry.DiskImages.Vhd;

/// <summary>Parent locator entry (VHD 1.0, "Dynamic Disk Header Format", eight of them from offset 576 on): where a name of the parent stands in the file.</summary>
/// <param name="PlatformCode">Offset 0: four characters, see the constants; all zero: the entry is not used.</param>
/// <param name="DataLength">Offset 8: bytes of the name. (Offset 4 holds the space kept for it, in sectors or bytes depending on the program.)</param>
/// <param name="DataOffset">Offset 16: where the name stands, in bytes.</param>
internal readonly record struct ParentLocatorEntry(string PlatformCode, uint DataLength, ulong DataOffset)
{
    /// <summary>Size on disk.</summary>
    internal const int Size = 24;

    /// <summary>A Windows path relative to the image, UTF-16 little-endian.</summary>
    internal const string WindowsRelative = "W2ru";

    /// <summary>An absolute Windows path, UTF-16 little-endian.</summary>
    internal const string WindowsAbsolute = "W2ku";

    /// <summary>Reads the structure.</summary>
    internal static ParentLocatorEntry Read(ReadOnlySpan<byte> bytes) => new(
        Encoding.Latin1.GetString(bytes[..4]), BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]), BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]));
}
