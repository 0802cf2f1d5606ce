using System.Buffers.Binary;

namespace Ferry.DiskImages.FileSystems.Ntfs;

/// <summary>File record of the master file table (Linux-NTFS documentation, "FILE Record").</summary>
/// <param name="IsInUse">Offset 22, bit 0.</param>
/// <param name="BaseRecord">Offset 32: the record that this one belongs to, without its sequence number; 0 when it is itself the first.</param>
/// <param name="Attributes">The attributes, from the place that offset 20 says.</param>
internal readonly record struct NtfsFileRecord(bool IsInUse, ulong BaseRecord, IReadOnlyList<NtfsAttribute> Attributes)
{
    private const ulong NumberMask = 0x0000ffffffffffff;
    private const uint End = 0xffffffff;
    private const int HeaderSize = 42;

    private static ReadOnlySpan<byte> Magic => "FILE"u8;

    /// <summary>The number of the record in a reference to it.</summary>
    internal static ulong NumberOf(ulong reference) => reference & NumberMask;

    /// <summary>Reads the structure, putting its fixups back.</summary>
    /// <returns>Null when it is damaged.</returns>
    internal static NtfsFileRecord? Read(Memory<byte> bytes)
    {
        var span = bytes.Span;
        if (!span.StartsWith(Magic) || !NtfsFixups.Apply(span))
        {
            return null;
        }

        var used = BinaryPrimitives.ReadUInt32LittleEndian(span[24..]);
        var next = (uint)BinaryPrimitives.ReadUInt16LittleEndian(span[20..]);
        if (used > span.Length || next < HeaderSize || used < HeaderSize)
        {
            return null;
        }

        var attributes = new List<NtfsAttribute>();
        while (next + sizeof(uint) <= used && BinaryPrimitives.ReadUInt32LittleEndian(span[(int)next..]) != End)
        {
            var length = next + 8 <= used ? BinaryPrimitives.ReadUInt32LittleEndian(span[((int)next + 4)..]) : 0;
            if (length == 0 || length > used - next || NtfsAttribute.Read(bytes.Slice((int)next, (int)length)) is not { } attribute)
            {
                return null;
            }

            attributes.Add(attribute);
            next += length;
        }

        return new NtfsFileRecord((span[22] & 1) != 0, NumberOf(BinaryPrimitives.ReadUInt64LittleEndian(span[32..])), attributes);
    }
}
