namespace Ferry.DiskImages.Compression;

/// <summary>
/// The last blocks that were decompressed for reads smaller than a block, so that those do not decompress one again and again. The memory is taken once: a new
/// block takes the place of an old one. Safe for concurrent use.
/// </summary>
internal sealed class DecompressedBlocks
{
    private const int MostSlots = 64;
    private const int LeastSlots = 4;
    private const int UsualBytes = 4 << 20;

    private readonly int _blockSize;
    private readonly Slot[] _slots;

    /// <summary>Creates an empty cache.</summary>
    /// <param name="blockSize">Bytes per block.</param>
    internal DecompressedBlocks(int blockSize)
    {
        _blockSize = blockSize;
        _slots = [.. Enumerable.Range(0, Math.Clamp(UsualBytes / blockSize, LeastSlots, MostSlots)).Select(_ => new Slot())];
    }

    /// <summary>Decompresses a block.</summary>
    internal delegate void Decompressor(ReadOnlyMemory<byte> stored, Span<byte> block, long position);

    /// <summary>Copies from a block when it is there.</summary>
    internal bool TryCopy(long block, int skip, Span<byte> target)
    {
        var slot = _slots[block % _slots.Length];
        lock (slot.Gate)
        {
            if (slot.Block != block)
            {
                return false;
            }

            slot.Bytes.AsSpan(skip, target.Length).CopyTo(target);
            return true;
        }
    }

    /// <summary>Decompresses a block, unless another reader did meanwhile, keeps it, and copies from it.</summary>
    /// <param name="block">Number of the block.</param>
    /// <param name="stored">Its compressed data.</param>
    /// <param name="position">Where that stands in the file.</param>
    /// <param name="decompress">Decompresses it.</param>
    /// <param name="skip">Bytes of the block before those that are wanted.</param>
    /// <param name="target">Takes the bytes.</param>
    internal void Add(long block, ReadOnlyMemory<byte> stored, long position, Decompressor decompress, int skip, Span<byte> target)
    {
        var slot = _slots[block % _slots.Length];
        lock (slot.Gate)
        {
            if (slot.Block != block)
            {
                slot.Bytes ??= GC.AllocateUninitializedArray<byte>(_blockSize);
                slot.Block = Slot.Nothing;
                decompress(stored, slot.Bytes, position);
                slot.Block = block;
            }

            slot.Bytes.AsSpan(skip, target.Length).CopyTo(target);
        }
    }

    private sealed class Slot
    {
        internal const long Nothing = -1;

        internal Lock Gate { get; } = new();

        internal long Block { get; set; } = Nothing;

        internal byte[]? Bytes { get; set; }
    }
}
