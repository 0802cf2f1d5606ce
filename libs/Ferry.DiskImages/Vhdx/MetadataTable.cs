using System.Buffers.Binary;

namespace Ferry.DiskImages.Vhdx;

/// <summary>Metadata table (MS-VHDX 2.6.1): header and entries in the first 64 KiB of the metadata region.</summary>
/// <param name="Entries">The items.</param>
internal readonly record struct MetadataTable(IReadOnlyList<MetadataTableEntry> Entries)
{
    /// <summary>Size on disk; items stand behind it.</summary>
    internal const int Size = 64 * 1024;

    private const int HeaderSize = 32;
    private const int MaximumEntries = 2047;

    private static ReadOnlySpan<byte> Signature => "metadata"u8;

    /// <summary>Whether signature and entry count are right.</summary>
    internal static bool IsValid(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith(Signature) && BinaryPrimitives.ReadUInt16LittleEndian(bytes[10..]) <= MaximumEntries;

    /// <summary>Reads the structure, which is valid.</summary>
    internal static MetadataTable Read(ReadOnlySpan<byte> bytes)
    {
        var entries = new MetadataTableEntry[BinaryPrimitives.ReadUInt16LittleEndian(bytes[10..])];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = MetadataTableEntry.Read(bytes[(HeaderSize + (i * MetadataTableEntry.Size))..]);
        }

        return new MetadataTable(entries);
    }

    /// <summary>Writes the structure with its signature.</summary>
    internal void Write(Span<byte> bytes)
    {
        bytes[..Size].Clear();
        Signature.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[10..], (ushort)Entries.Count);
        for (var i = 0; i < Entries.Count; i++)
        {
            Entries[i].Write(bytes[(HeaderSize + (i * MetadataTableEntry.Size))..]);
        }
    }
}
