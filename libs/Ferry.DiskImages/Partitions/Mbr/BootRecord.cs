using System.Buffers.Binary;

namespace Ferry.DiskImages.Partitions.Mbr;

/// <summary>Master or extended boot record (UEFI 2.10, 5.2.1, table 5.1): the first sector of a disk, or of a link of an extended partition.</summary>
/// <param name="Signature">Offset 440: the disk's id.</param>
/// <param name="Entries">Offset 446: four entries.</param>
internal readonly record struct BootRecord(uint Signature, IReadOnlyList<MbrEntry> Entries)
{
    /// <summary>Size on disk; the rest of a larger sector is not used.</summary>
    internal const int Size = 512;

    private const int EntriesOffset = 446;
    private const int EntryCount = 4;
    private const ushort Magic = 0xaa55;

    /// <summary>Whether an entry says that the disk has a GPT: type 0xEE, beginning at the GPT's header.</summary>
    internal bool IsProtective => Entries.Any(entry => entry is { Type: PartitionTypes.Protective, FirstSector: 1 });

    /// <summary>Whether it is one: the signature at offset 510, and nothing but 0 and 0x80 as status.</summary>
    internal static bool IsValid(ReadOnlySpan<byte> bytes)
    {
        var valid = BinaryPrimitives.ReadUInt16LittleEndian(bytes[510..]) == Magic;
        for (var i = 0; i < EntryCount; i++)
        {
            valid &= bytes[EntriesOffset + (i * MbrEntry.Size)] is 0 or 0x80;
        }

        return valid;
    }

    /// <summary>Reads the structure.</summary>
    internal static BootRecord Read(ReadOnlySpan<byte> bytes)
    {
        var entries = new MbrEntry[EntryCount];
        for (var i = 0; i < EntryCount; i++)
        {
            entries[i] = MbrEntry.Read(bytes[(EntriesOffset + (i * MbrEntry.Size))..]);
        }

        return new BootRecord(BinaryPrimitives.ReadUInt32LittleEndian(bytes[440..]), entries);
    }
}
