using System.Buffers.Binary;

namespace Ferry.DiskImages.Qcow2;

/// <summary>The start of a header extension (qcow2.txt, "Header extensions"), big-endian; its data follows, filled up to a multiple of 8 bytes.</summary>
/// <param name="Type">Offset 0: what the data is.</param>
/// <param name="Length">Offset 4: bytes of data.</param>
internal readonly record struct HeaderExtension(uint Type, uint Length)
{
    /// <summary>Size on disk.</summary>
    internal const int Size = 8;

    /// <summary>The last extension.</summary>
    internal const uint End = 0;

    /// <summary>Name of the format of the backing file.</summary>
    internal const uint BackingFormat = 0xe2792aca;

    /// <summary>Names of features.</summary>
    internal const uint FeatureNames = 0x6803f857;

    /// <summary>Name of the external data file.</summary>
    internal const uint DataFile = 0x44415441;

    /// <summary>What Ferry notes of an image that it writes; any other program ignores it ("FERY").</summary>
    internal const uint FerryRecord = 0x46455259;

    /// <summary>The same of an image with compressed clusters, which takes no delta ("FERZ").</summary>
    internal const uint FerryCompressed = 0x4645525a;

    /// <summary>Reads the structure.</summary>
    internal static HeaderExtension Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt32BigEndian(bytes), BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]));

    /// <summary>Writes the structure.</summary>
    internal void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32BigEndian(bytes, Type);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], Length);
    }
}
