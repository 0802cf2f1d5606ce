using System.Buffers.Binary;

namespace Ferry.DiskImages.FileSystems.Ntfs;

/// <summary>Header of an attribute of a file record (Linux-NTFS documentation, "Attribute Header").</summary>
/// <param name="Type">Offset 0.</param>
/// <param name="IsNamed">Offset 9: the length of its name is not 0.</param>
/// <param name="Flags">Offset 12: compressed, encrypted, sparse.</param>
/// <param name="Value">The value of one that is in the record; null for the others.</param>
/// <param name="FirstVcn">Offset 16 of one that is not: the first cluster of the file that its runs give.</param>
/// <param name="Runs">Its mapping pairs.</param>
/// <param name="DataSize">Offset 48: bytes of the file.</param>
/// <param name="InitialisedSize">Offset 56: bytes of it that were ever written.</param>
internal readonly record struct NtfsAttribute(
    uint Type, bool IsNamed, ushort Flags, ReadOnlyMemory<byte>? Value, ulong FirstVcn, ReadOnlyMemory<byte> Runs, ulong DataSize, ulong InitialisedSize)
{
    /// <summary>Type: list of the attributes of a file whose record is too small for all.</summary>
    internal const uint AttributeList = 0x20;

    /// <summary>Type: name of the volume.</summary>
    internal const uint VolumeName = 0x60;

    /// <summary>Type: version and flags of the volume.</summary>
    internal const uint VolumeInformation = 0x70;

    /// <summary>Type: content of a file.</summary>
    internal const uint Data = 0x80;

    private const int ResidentSize = 24;
    private const int NonResidentSize = 64;

    /// <summary>Reads the structure.</summary>
    /// <param name="bytes">All bytes of the attribute.</param>
    /// <returns>Null when it contradicts itself.</returns>
    internal static NtfsAttribute? Read(ReadOnlyMemory<byte> bytes)
    {
        var span = bytes.Span;
        if (span.Length < ResidentSize)
        {
            return null;
        }

        var (type, named, flags) = (BinaryPrimitives.ReadUInt32LittleEndian(span), span[9] != 0, BinaryPrimitives.ReadUInt16LittleEndian(span[12..]));
        if (span[8] == 0)
        {
            var (length, offset) = (BinaryPrimitives.ReadUInt32LittleEndian(span[16..]), BinaryPrimitives.ReadUInt16LittleEndian(span[20..]));
            return offset <= span.Length && length <= span.Length - offset
                ? new NtfsAttribute(type, named, flags, bytes.Slice(offset, (int)length), 0, default, length, length)
                : null;
        }

        var runs = span.Length >= NonResidentSize ? BinaryPrimitives.ReadUInt16LittleEndian(span[32..]) : int.MaxValue;
        return runs <= span.Length
            ? new NtfsAttribute(
                type, named, flags, null, BinaryPrimitives.ReadUInt64LittleEndian(span[16..]), bytes[runs..],
                BinaryPrimitives.ReadUInt64LittleEndian(span[48..]), BinaryPrimitives.ReadUInt64LittleEndian(span[56..]))
            : null;
    }
}
