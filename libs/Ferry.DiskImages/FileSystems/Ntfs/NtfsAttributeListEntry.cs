using System.Buffers.Binary;

namespace Ferry.DiskImages.FileSystems.Ntfs;

/// <summary>Entry of an attribute list (Linux-NTFS documentation, "$ATTRIBUTE_LIST").</summary>
/// <param name="Type">Offset 0.</param>
/// <param name="IsNamed">Offset 6: the length of the attribute's name is not 0.</param>
/// <param name="FirstVcn">Offset 8: the first cluster of the file that the attribute gives.</param>
/// <param name="Record">Offset 16: the record that has the attribute, without its sequence number.</param>
internal readonly record struct NtfsAttributeListEntry(uint Type, bool IsNamed, ulong FirstVcn, ulong Record)
{
    private const int Size = 26;

    /// <summary>Reads all entries of a list.</summary>
    /// <exception cref="VolumeRefusedException">The list is damaged.</exception>
    internal static List<NtfsAttributeListEntry> ReadAll(ReadOnlySpan<byte> list)
    {
        var entries = new List<NtfsAttributeListEntry>();
        while (list.Length >= Size)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(list[4..]);
            if (length < Size || length > list.Length)
            {
                throw VolumeRefusedException.Inconsistent("The attribute list of a system file is damaged.");
            }

            entries.Add(new NtfsAttributeListEntry(
                BinaryPrimitives.ReadUInt32LittleEndian(list),
                list[6] != 0,
                BinaryPrimitives.ReadUInt64LittleEndian(list[8..]),
                NtfsFileRecord.NumberOf(BinaryPrimitives.ReadUInt64LittleEndian(list[16..]))));
            list = list[length..];
        }

        return entries;
    }
}
