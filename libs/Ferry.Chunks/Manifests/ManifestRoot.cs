using System.Buffers.Binary;
using Ferry.Chunks.Store;

namespace Ferry.Chunks.Manifests;

/// <summary>
/// The root of a manifest as it is stored (docs/formats/manifest.md): offset 0 <c>FERRYMF1</c>, 8 size, 16 chunk size, 20 logical sector size, 24 length
/// of the origin, 28 number of pages, 32 the origin as canonical JSON, then the ids of the pages.
/// </summary>
internal static class ManifestRoot
{
    /// <summary>Bytes before the origin.</summary>
    public const int FixedSize = 32;

    /// <summary>The longest root that is written or read.</summary>
    public const int MaxSize = 4 << 20;

    private const int MinChunkSize = 64 << 10;
    private const int MaxChunkSize = 64 << 20;

    private static ReadOnlySpan<byte> Magic => "FERRYMF1"u8;

    /// <summary>What is wrong with a disk's numbers, or null.</summary>
    public static string? Problem(long size, int chunkSize, int logicalSectorSize) =>
        size < 0 ? "The size of the disk is negative."
        : chunkSize is < MinChunkSize or > MaxChunkSize || !int.IsPow2(chunkSize) ? "The chunk size is no power of two from 64 KiB to 64 MiB."
        : logicalSectorSize is not (512 or 4096) ? "The logical sector size is neither 512 nor 4096."
        : PageCount(size, chunkSize) > (MaxSize - FixedSize) / ChunkId.Size ? "The disk is too large for its chunk size."
        : null;

    /// <summary>Number of pages of a disk.</summary>
    public static long PageCount(long size, int chunkSize)
    {
        long chunks = (size / chunkSize) + (size % chunkSize == 0 ? 0 : 1);
        return (chunks + ManifestHeader.EntriesPerPage - 1) / ManifestHeader.EntriesPerPage;
    }

    /// <summary>The bytes of a root.</summary>
    public static byte[] Write(ManifestHeader header)
    {
        byte[] origin = header.Origin is null ? [] : OriginJson.Write(header.Origin);
        int length = FixedSize + origin.Length + (header.Pages.Count * ChunkId.Size);
        if (length > MaxSize)
        {
            throw Bad("The manifest's origin names too many files.", null);
        }

        byte[] bytes = new byte[length];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), header.Size);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), header.ChunkSize);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(20), header.LogicalSectorSize);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(24), origin.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(28), header.Pages.Count);
        origin.CopyTo(bytes, FixedSize);
        for (int i = 0; i < header.Pages.Count; i++)
        {
            header.Pages[i].WriteTo(bytes.AsSpan(FixedSize + origin.Length + (i * ChunkId.Size)));
        }

        return bytes;
    }

    /// <summary>Reads a root and checks all of it.</summary>
    /// <exception cref="ChunkStoreException"><see cref="ChunkStoreErrors.BadManifest"/>.</exception>
    public static ManifestHeader Read(ReadOnlySpan<byte> source, ChunkId id)
    {
        if (source.Length < FixedSize || !source[..8].SequenceEqual(Magic))
        {
            throw Bad("These bytes are no manifest of a version that is known here.", id);
        }

        long size = BinaryPrimitives.ReadInt64LittleEndian(source[8..]);
        int chunkSize = BinaryPrimitives.ReadInt32LittleEndian(source[16..]);
        int sectorSize = BinaryPrimitives.ReadInt32LittleEndian(source[20..]);
        uint originLength = BinaryPrimitives.ReadUInt32LittleEndian(source[24..]);
        uint pageCount = BinaryPrimitives.ReadUInt32LittleEndian(source[28..]);
        if (Problem(size, chunkSize, sectorSize) is { } problem)
        {
            throw Bad(problem, id);
        }

        if (pageCount != PageCount(size, chunkSize) || source.Length != FixedSize + originLength + ((long)pageCount * ChunkId.Size))
        {
            throw Bad("The manifest's length does not fit its counts.", id);
        }

        ReadOnlySpan<byte> origin = source.Slice(FixedSize, (int)originLength);
        ReadOnlySpan<byte> ids = source[(FixedSize + (int)originLength)..];
        var pages = new ChunkId[pageCount];
        for (int i = 0; i < pages.Length; i++)
        {
            pages[i] = new ChunkId(ids.Slice(i * ChunkId.Size, ChunkId.Size));
        }

        return new ManifestHeader
        {
            Size = size,
            ChunkSize = chunkSize,
            LogicalSectorSize = sectorSize,
            Origin = origin.IsEmpty ? null : OriginJson.Read(origin, id),
            Pages = pages,
        };
    }

    private static ChunkStoreException Bad(string what, ChunkId? id) => new(ChunkStoreErrors.BadManifest, what, id?.ToString());
}
