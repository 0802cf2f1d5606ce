using System.Buffers.Binary;

namespace Ferry.DiskImages.Vmdk.Cowd;

/// <summary>
/// Header of a COWD extent at offset 0 ("VMware Virtual Disk Format 5.0", section "ESX Server Sparse Extents"; libvmdk, "The COWD sparse extent data file"):
/// four sectors. Little-endian; counts and offsets in sectors of 512 bytes. Geometry or the name of the parent (offsets 32 to 1059), names and generations
/// behind it are not used: the descriptor says the same.
/// </summary>
/// <param name="Version">Offset 4: 1.</param>
/// <param name="Flags">Offset 8: 3.</param>
/// <param name="Capacity">Offset 12: size of the extent.</param>
/// <param name="GrainSize">Offset 16: sectors per grain, a power of 2; 1 is usual.</param>
/// <param name="DirectoryOffset">Offset 20: grain directory.</param>
/// <param name="DirectoryEntries">Offset 24: entries of the grain directory.</param>
/// <param name="FreeSector">Offset 28: where the next grain or table will stand.</param>
internal readonly record struct CowdHeader(uint Version, uint Flags, uint Capacity, uint GrainSize, uint DirectoryOffset, uint DirectoryEntries, uint FreeSector)
{
    /// <summary>Size on disk: four sectors.</summary>
    internal const int Size = 2048;

    /// <summary>Entries of a grain table.</summary>
    internal const uint TableEntries = 4096;

    /// <summary>Offset 0.</summary>
    private static ReadOnlySpan<byte> Signature => "COWD"u8;

    /// <summary>Whether a file begins with the signature.</summary>
    internal static bool IsMatch(ReadOnlySpan<byte> start) => start.StartsWith(Signature);

    /// <summary>Reads the structure.</summary>
    internal static CowdHeader Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[20..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[28..]));

    /// <summary>Writes the structure with its signature.</summary>
    internal void Write(Span<byte> bytes)
    {
        bytes[..Size].Clear();
        Signature.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], Flags);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[12..], Capacity);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[16..], GrainSize);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[20..], DirectoryOffset);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[24..], DirectoryEntries);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[28..], FreeSector);
    }
}
