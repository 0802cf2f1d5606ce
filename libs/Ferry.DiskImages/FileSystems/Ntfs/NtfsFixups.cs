using System.Buffers.Binary;

namespace Ferry.DiskImages.FileSystems.Ntfs;

/// <summary>
/// Update sequence of records that span sectors (Linux-NTFS documentation, "Fixup"): the last two bytes of each 512 bytes were replaced by a number, and are
/// kept in an array. A number that differs says that the record was not written as a whole.
/// </summary>
internal static class NtfsFixups
{
    private const int Stride = 512;

    /// <summary>Puts the bytes back.</summary>
    /// <returns>False when the record is not whole.</returns>
    internal static bool Apply(Span<byte> record)
    {
        var offset = (int)BinaryPrimitives.ReadUInt16LittleEndian(record[4..]);
        var count = (int)BinaryPrimitives.ReadUInt16LittleEndian(record[6..]);
        if (record.Length % Stride != 0 || count != (record.Length / Stride) + 1 || offset < 8 || (offset & 1) != 0 || offset + (count * sizeof(ushort)) > Stride)
        {
            return false;
        }

        var number = BinaryPrimitives.ReadUInt16LittleEndian(record[offset..]);
        for (var i = 1; i < count; i++)
        {
            var place = record[((i * Stride) - sizeof(ushort))..];
            if (BinaryPrimitives.ReadUInt16LittleEndian(place) != number)
            {
                return false;
            }

            record.Slice(offset + (i * sizeof(ushort)), sizeof(ushort)).CopyTo(place);
        }

        return true;
    }
}
