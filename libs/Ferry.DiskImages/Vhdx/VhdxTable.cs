using System.Buffers;
using System.Buffers.Binary;
using Ferry.DiskImages.Writing;

namespace Ferry.DiskImages.Vhdx;

/// <summary>The block allocation table of a file that Ferry writes (MS-VHDX 2.5).</summary>
internal static class VhdxTable
{
    private const int BufferSize = 1 << 20;
    private const int PatchSize = 4096;

    /// <summary>Writes the whole table.</summary>
    internal static void Write(ImageFile file, VhdxLayout layout, IBlockSlots slots)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            for (long position = 0; position < layout.BatLength; position += BufferSize)
            {
                Fill(buffer.AsSpan(0, BufferSize), position / BatEntry.Size, layout, slots);
                file.Write(VhdxLayout.TableOffset + position, buffer.AsSpan(0, BufferSize));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Writes the entries of the blocks that a delta appends; all others stay.</summary>
    internal static async ValueTask AppendAsync(ImageFile file, VhdxLayout layout, DeltaBlockSlots slots, CancellationToken cancellationToken)
    {
        var source = new ImageFileSource(file);
        var buffer = new byte[PatchSize];
        long loaded = -1;
        foreach (var (block, slot) in slots.Appended())
        {
            var position = layout.Geometry.EntryOf(block) * BatEntry.Size;
            var start = position / PatchSize * PatchSize;
            if (start != loaded)
            {
                Store();
                await source.ReadAsync(VhdxLayout.TableOffset + start, buffer, cancellationToken).ConfigureAwait(false);
                loaded = start;
            }

            BinaryPrimitives.WriteUInt64LittleEndian(buffer.AsSpan((int)(position - start)), BatEntry.Present(layout.OffsetOf(slot)).Value);
        }

        Store();

        void Store()
        {
            if (loaded >= 0)
            {
                file.Write(VhdxLayout.TableOffset + loaded, buffer);
            }
        }
    }

    /// <summary>The slots that the table of a complete file uses: one more than the highest.</summary>
    internal static async ValueTask<long> CountAsync(ImageFile file, VhdxLayout layout, CancellationToken cancellationToken)
    {
        var source = new ImageFileSource(file);
        var buffer = new byte[BufferSize];
        long count = 0;
        for (long position = 0; position < layout.Geometry.EntryCount * BatEntry.Size; position += BufferSize)
        {
            await source.ReadAsync(VhdxLayout.TableOffset + position, buffer, cancellationToken).ConfigureAwait(false);
            for (var at = 0; at < BufferSize; at += BatEntry.Size)
            {
                var entry = new BatEntry(BinaryPrimitives.ReadUInt64LittleEndian(buffer.AsSpan(at)));
                count = Math.Max(count, SlotOf(entry, layout, file, VhdxLayout.TableOffset + position + at) + 1);
            }
        }

        return count;
    }

    /// <summary>The slot of an entry, or -1 when its block has none.</summary>
    internal static long SlotOf(BatEntry entry, VhdxLayout layout, ImageFile file, long position) => entry.State switch
    {
        BatState.NotPresent => -1,
        BatState.FullyPresent when layout.SlotOf(entry.FileOffset) is { } slot => slot,
        _ => throw new InvalidDiskImageException(DiskImageErrors.Corrupt, $"An entry of the block allocation table, {entry.Value:x}, is none that Ferry writes.", file.Path, position),
    };

    private static void Fill(Span<byte> bytes, long first, VhdxLayout layout, IBlockSlots slots)
    {
        var ratio = layout.Geometry.ChunkRatio;
        for (var i = 0; i < bytes.Length / BatEntry.Size; i++)
        {
            var group = (first + i) / (ratio + 1);
            var inGroup = (first + i) % (ratio + 1);
            var block = (group * ratio) + inGroup;
            var slot = inGroup < ratio && block < layout.Geometry.BlockCount ? slots.SlotOf(block) : -1;
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[(i * BatEntry.Size)..], slot < 0 ? 0 : BatEntry.Present(layout.OffsetOf(slot)).Value);
        }
    }
}
