using System.Buffers.Binary;
using System.Text;

namespace Ferry.DiskImages.Vhd;

/// <summary>
/// Hard disk footer (VHD 1.0, "Hard Disk Footer Format"): the last 512 bytes of every image; dynamic and differencing ones have a copy at offset 0.
/// Programs older than Virtual PC 2004 wrote 511 bytes. All numbers are big-endian.
/// </summary>
/// <param name="DataOffset">Offset 16: where the dynamic disk header stands; all ones for a fixed disk.</param>
/// <param name="Timestamp">Offset 24: seconds since 2000-01-01 UTC.</param>
/// <param name="CreatorApplication">Offset 28: four characters, <c>vpc </c> Virtual PC, <c>win </c> Windows.</param>
/// <param name="CreatorVersion">Offset 32: major version in the upper half, minor in the lower.</param>
/// <param name="CreatorHost">Offset 36: four characters, <c>Wi2k</c> Windows, <c>Mac </c> Macintosh.</param>
/// <param name="OriginalSize">Offset 40: size of the disk when it was created, in bytes.</param>
/// <param name="CurrentSize">Offset 48: size of the disk now, in bytes.</param>
/// <param name="Geometry">Offset 56.</param>
/// <param name="DiskType">Offset 60.</param>
/// <param name="UniqueId">Offset 68: identifies the image; children name their parent by it.</param>
/// <param name="IsSavedState">Offset 84: the virtual machine is suspended.</param>
internal readonly record struct VhdFooter(
    ulong DataOffset,
    uint Timestamp,
    string CreatorApplication,
    uint CreatorVersion,
    string CreatorHost,
    ulong OriginalSize,
    ulong CurrentSize,
    VhdGeometry Geometry,
    VhdDiskType DiskType,
    Guid UniqueId,
    bool IsSavedState)
{
    /// <summary>Size on disk.</summary>
    internal const int Size = 512;

    /// <summary>Size of the footer of very old programs.</summary>
    internal const int OldSize = 511;

    /// <summary>The data offset of an image that has no dynamic disk header.</summary>
    internal const ulong NoDataOffset = ulong.MaxValue;

    private const int ChecksumOffset = 64;
    private const uint ReservedFeature = 2;
    private const uint Version = 0x00010000;
    private const int VersionOffset = 12;

    private static ReadOnlySpan<byte> Cookie => "conectix"u8;

    /// <summary>Whether a footer begins here, valid or not.</summary>
    internal static bool IsMatch(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Cookie);

    /// <summary>Whether cookie and checksum are right.</summary>
    /// <param name="bytes">512 or 511 bytes.</param>
    internal static bool IsValid(ReadOnlySpan<byte> bytes) => bytes.Length >= OldSize && IsMatch(bytes) && VhdChecksum.IsValid(bytes, ChecksumOffset);

    /// <summary>Whether the major version is the one of the specification.</summary>
    internal static bool IsKnownVersion(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32BigEndian(bytes[VersionOffset..]) >> 16 == Version >> 16;

    /// <summary>
    /// The footer of an image that Ferry writes. It says what the Windows of today says, so that every program takes the size from <see cref="CurrentSize"/>
    /// (see <see cref="VhdCapacity"/>); the time is left out so that a repeated conversion gives the same bytes.
    /// </summary>
    internal static VhdFooter Create(VhdDiskType type, long capacity, Guid diskId) => new(
        type == VhdDiskType.Fixed ? NoDataOffset : Size,
        Timestamp: 0,
        "win ",
        CreatorVersion: 10 << 16,
        "Wi2k",
        (ulong)capacity,
        (ulong)capacity,
        VhdGeometry.Of(capacity),
        type,
        diskId,
        IsSavedState: false);

    /// <summary>Reads the structure from 512 or 511 bytes.</summary>
    internal static VhdFooter Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[24..]),
        Encoding.Latin1.GetString(bytes.Slice(28, 4)),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[32..]),
        Encoding.Latin1.GetString(bytes.Slice(36, 4)),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[40..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[48..]),
        VhdGeometry.Read(bytes[56..]),
        (VhdDiskType)BinaryPrimitives.ReadUInt32BigEndian(bytes[60..]),
        new Guid(bytes.Slice(68, 16), bigEndian: true),
        bytes[84] != 0);

    /// <summary>Writes the structure with cookie and checksum.</summary>
    internal void Write(Span<byte> bytes)
    {
        bytes = bytes[..Size];
        bytes.Clear();
        Cookie.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[8..], ReservedFeature);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[VersionOffset..], Version);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], DataOffset);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[24..], Timestamp);
        Encoding.Latin1.GetBytes(CreatorApplication, bytes.Slice(28, 4));
        BinaryPrimitives.WriteUInt32BigEndian(bytes[32..], CreatorVersion);
        Encoding.Latin1.GetBytes(CreatorHost, bytes.Slice(36, 4));
        BinaryPrimitives.WriteUInt64BigEndian(bytes[40..], OriginalSize);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[48..], CurrentSize);
        Geometry.Write(bytes[56..]);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[60..], (uint)DiskType);
        UniqueId.TryWriteBytes(bytes[68..], bigEndian: true, out _);
        bytes[84] = IsSavedState ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32BigEndian(bytes[ChecksumOffset..], VhdChecksum.Compute(bytes, ChecksumOffset));
    }
}
