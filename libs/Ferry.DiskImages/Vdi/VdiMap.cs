using System.Buffers;
using System.Buffers.Binary;
using Ferry.DiskImages.Writing;

namespace Ferry.DiskImages.Vdi;

/// <summary>Writes the block map of an image that Ferry writes.</summary>
internal static class VdiMap
{
    private const int BufferEntries = (1 << 20) / VdiBlockPointer.Size;

    /// <summary>Writes the entries of all blocks.</summary>
    internal static void Write(ImageFile file, VdiLayout layout, IBlockSlots slots)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferEntries * VdiBlockPointer.Size);
        try
        {
            for (long first = 0; first < layout.BlockCount; first += BufferEntries)
            {
                var count = (int)Math.Min(layout.BlockCount - first, BufferEntries);
                for (var i = 0; i < count; i++)
                {
                    var slot = slots.SlotOf(first + i);
                    Set(buffer, i, slot < 0 ? VdiBlockPointer.Free : (uint)slot);
                }

                Store(file, first, count, buffer);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Writes the entries of the blocks that a delta appends; all others stay.</summary>
    internal static void Append(ImageFile file, DeltaBlockSlots slots)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferEntries * VdiBlockPointer.Size);
        try
        {
            long first = 0;
            var count = 0;
            foreach (var (block, slot) in slots.Appended())
            {
                if (block != first + count || count == BufferEntries)
                {
                    Store(file, first, count, buffer);
                    (first, count) = (block, 0);
                }

                Set(buffer, count++, (uint)slot);
            }

            Store(file, first, count, buffer);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Set(byte[] buffer, int index, uint entry) => BinaryPrimitives.WriteUInt32LittleEndian(buffer.AsSpan(index * VdiBlockPointer.Size), entry);

    private static void Store(ImageFile file, long first, int count, byte[] buffer)
    {
        if (count > 0)
        {
            file.Write(VdiLayout.MapOffset + (first * VdiBlockPointer.Size), buffer.AsSpan(0, count * VdiBlockPointer.Size));
        }
    }
}
