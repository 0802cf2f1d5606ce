using System.Buffers.Binary;
using System.Text;

namespace Ferry.DiskImages.Lvm;

/// <summary>Header of a physical volume, in the sector of its label (LVM2, lib/format_text/layout.h: pv_header, disk_locn).</summary>
/// <param name="Id">Offset 0: 32 characters; texts have it with hyphens.</param>
/// <param name="MetadataAreas">From offset 40 on: the list of data areas, ended by an entry of zeros, and behind it that of metadata areas.</param>
internal readonly record struct PhysicalVolumeHeader(string Id, IReadOnlyList<(ulong Offset, ulong Size)> MetadataAreas)
{
    private const int IdSize = 32;
    private const int AreasOffset = 40;
    private const int AreaSize = 16;

    /// <summary>Reads the structure.</summary>
    /// <param name="bytes">From the header to the end of its sector.</param>
    /// <returns>Null when the lists do not end.</returns>
    internal static PhysicalVolumeHeader? Read(ReadOnlySpan<byte> bytes)
    {
        var at = AreasOffset;
        if (Areas(bytes, ref at) is null || Areas(bytes, ref at) is not { } metadata)
        {
            return null;
        }

        return new PhysicalVolumeHeader(Encoding.ASCII.GetString(bytes[..IdSize]), metadata);
    }

    private static List<(ulong Offset, ulong Size)>? Areas(ReadOnlySpan<byte> bytes, ref int at)
    {
        var areas = new List<(ulong, ulong)>();
        while (at + AreaSize <= bytes.Length)
        {
            var (offset, size) = (BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]), BinaryPrimitives.ReadUInt64LittleEndian(bytes[(at + 8)..]));
            at += AreaSize;
            if (offset == 0)
            {
                return areas;
            }

            areas.Add((offset, size));
        }

        return null;
    }
}
