using System.Buffers.Binary;
using Ferry.DiskImages.Checksums;

namespace Ferry.DiskImages.Vhdx;

/// <summary>Region table (MS-VHDX 2.2.3): header and entries in 64 KiB; two copies, at 192 KiB and 256 KiB.</summary>
/// <param name="Entries">The regions.</param>
internal readonly record struct RegionTable(IReadOnlyList<RegionTableEntry> Entries)
{
    /// <summary>Size on disk; the checksum covers all of it.</summary>
    internal const int Size = 64 * 1024;

    /// <summary>Where the first copy stands.</summary>
    internal const long FirstOffset = 192 * 1024;

    /// <summary>Where the second copy stands.</summary>
    internal const long SecondOffset = 256 * 1024;

    private const int ChecksumOffset = 4;
    private const int HeaderSize = 16;
    private const uint MaximumEntries = 2047;

    private static ReadOnlySpan<byte> Signature => "regi"u8;

    /// <summary>Whether signature, entry count and checksum are right.</summary>
    internal static bool IsValid(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith(Signature)
        && BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]) <= MaximumEntries
        && BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumOffset..]) == Crc32C.Compute(bytes[..Size], ChecksumOffset);

    /// <summary>Reads the structure, which is valid.</summary>
    internal static RegionTable Read(ReadOnlySpan<byte> bytes)
    {
        var entries = new RegionTableEntry[BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..])];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = RegionTableEntry.Read(bytes[(HeaderSize + (i * RegionTableEntry.Size))..]);
        }

        return new RegionTable(entries);
    }

    /// <summary>Writes the structure with signature and checksum.</summary>
    internal void Write(Span<byte> bytes)
    {
        bytes = bytes[..Size];
        bytes.Clear();
        Signature.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], (uint)Entries.Count);
        for (var i = 0; i < Entries.Count; i++)
        {
            Entries[i].Write(bytes[(HeaderSize + (i * RegionTableEntry.Size))..]);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(bytes[ChecksumOffset..], Crc32C.Compute(bytes, ChecksumOffset));
    }
}
