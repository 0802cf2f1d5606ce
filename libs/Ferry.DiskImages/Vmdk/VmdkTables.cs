using System.Buffers.Binary;
using Ferry.DiskImages.Writing;

namespace Ferry.DiskImages.Vmdk;

/// <summary>The grain tables of a monolithicSparse file that Ferry writes. Those of a directory follow each other, so all of them are one table, written twice.</summary>
internal static class VmdkTables
{
    private const int BufferSize = 64 * 1024;
    private const int EntrySize = sizeof(uint);
    private const int BufferEntries = BufferSize / EntrySize;

    /// <summary>Writes the entries of all grains that have a place; what is not written is a hole, which says that there is none.</summary>
    internal static void Write(ImageFile file, VmdkSparseLayout layout, IBlockSlots slots)
    {
        var buffer = new byte[BufferSize];
        for (var next = slots.NextFrom(0); next < layout.GrainCount;)
        {
            var first = next / BufferEntries * BufferEntries;
            var count = (int)Math.Min(BufferEntries, layout.GrainCount - first);
            var used = false;
            for (var i = 0; i < count; i++)
            {
                var entry = layout.EntryOf(slots.SlotOf(first + i));
                used |= entry != GrainDirectory.NotAllocated;
                BinaryPrimitives.WriteUInt32LittleEndian(buffer.AsSpan(i * EntrySize), entry);
            }

            if (used)
            {
                Store(file, layout, first, buffer.AsSpan(0, count * EntrySize));
            }

            next = slots.NextFrom(first + count);
        }
    }

    /// <summary>Writes the entries of the grains that a delta appends; all others stay.</summary>
    internal static async ValueTask AppendAsync(ImageFile file, VmdkSparseLayout layout, DeltaBlockSlots slots, CancellationToken cancellationToken)
    {
        var source = new ImageFileSource(file);
        var buffer = new byte[BufferSize];
        long loaded = -1;
        var count = 0;
        foreach (var (grain, slot) in slots.Appended())
        {
            var first = grain / BufferEntries * BufferEntries;
            if (first != loaded)
            {
                Store(file, layout, loaded, buffer.AsSpan(0, count));
                loaded = first;
                count = (int)Math.Min(BufferEntries, layout.GrainCount - first) * EntrySize;
                await source.ReadAsync(layout.TableOffsets[1] + (first * EntrySize), buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            }

            BinaryPrimitives.WriteUInt32LittleEndian(buffer.AsSpan((int)(grain - first) * EntrySize), layout.EntryOf(slot));
        }

        Store(file, layout, loaded, buffer.AsSpan(0, count));
    }

    /// <summary>The slots that the tables of a complete file use: one more than the highest.</summary>
    internal static async ValueTask<long> CountAsync(ImageFile file, VmdkSparseLayout layout, CancellationToken cancellationToken)
    {
        var source = new ImageFileSource(file);
        var buffer = new byte[BufferSize];
        long count = 0;
        for (long first = 0; first < layout.GrainCount; first += BufferEntries)
        {
            var length = (int)Math.Min(BufferEntries, layout.GrainCount - first) * EntrySize;
            var offset = layout.TableOffsets[1] + (first * EntrySize);
            await source.ReadAsync(offset, buffer.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
            if (!buffer.AsSpan(0, length).ContainsAnyExcept((byte)0))
            {
                continue;
            }

            for (var at = 0; at < length; at += EntrySize)
            {
                count = Math.Max(count, SlotOf(BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(at)), layout, file, offset + at) + 1);
            }
        }

        return count;
    }

    /// <summary>The slot that an entry of the file names.</summary>
    internal static long SlotOf(uint entry, VmdkSparseLayout layout, ImageFile file, long offset) => layout.SlotOf(entry) ?? throw new InvalidDiskImageException(
        DiskImageErrors.Corrupt, $"The grain table names sector {entry}, where no grain begins; convert again.", file.Path, offset);

    /// <summary>Where the entry of a grain stands in the grain directory's tables.</summary>
    internal static long OffsetOf(VmdkSparseLayout layout, long grain) => layout.TableOffsets[1] + (grain * EntrySize);

    private static void Store(ImageFile file, VmdkSparseLayout layout, long first, ReadOnlySpan<byte> entries)
    {
        if (!entries.IsEmpty)
        {
            foreach (var table in layout.TableOffsets)
            {
                file.Write(table + (first * EntrySize), entries);
            }
        }
    }
}
