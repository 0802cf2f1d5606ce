using System.Buffers.Binary;

namespace Ferry.DiskImages.FileSystems.Xfs;

/// <summary>Header of a log record (XFS Algorithms and Data Structures, "Log Records"), a sector of 512 bytes.</summary>
/// <param name="Cycle">Offset 4: how often the log was written from its start to its end.</param>
/// <param name="Version">Offset 8: 1 or 2.</param>
/// <param name="Length">Offset 12: bytes behind the header.</param>
/// <param name="Place">Offset 16: cycle and block of the record itself.</param>
/// <param name="Operations">Offset 40.</param>
/// <param name="Uuid">Offset 304: of the file system.</param>
/// <param name="BufferSize">Offset 320: size of the buffer it was written from; above 32 KiB there are more header sectors.</param>
internal readonly record struct XfsLogRecord(uint Cycle, uint Version, uint Length, ulong Place, uint Operations, Guid Uuid, uint BufferSize)
{
    /// <summary>Size on disk, and the unit of everything in the log.</summary>
    internal const int Size = 512;

    /// <summary>The first four bytes of a header; of all other sectors they are replaced by the cycle.</summary>
    internal const uint Magic = 0xfeedbabe;

    private const uint BytesPerHeader = 32768;

    /// <summary>Sectors of the header.</summary>
    internal int HeaderSectors => Version == 2 && BufferSize > BytesPerHeader ? (int)Math.Min(16, (BufferSize + BytesPerHeader - 1) / BytesPerHeader) : 1;

    /// <summary>Whether a sector is a header.</summary>
    internal static bool IsMatch(ReadOnlySpan<byte> sector) => BinaryPrimitives.ReadUInt32BigEndian(sector) == Magic;

    /// <summary>The cycle in which a sector was written.</summary>
    internal static uint CycleOf(ReadOnlySpan<byte> sector) => BinaryPrimitives.ReadUInt32BigEndian(IsMatch(sector) ? sector[4..] : sector);

    /// <summary>Reads the structure.</summary>
    internal static XfsLogRecord Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[40..]),
        new Guid(bytes.Slice(304, 16)),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[320..]));
}
