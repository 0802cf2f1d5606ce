using System.Buffers.Binary;
using System.Collections;
using Ferry.DiskImages.Writing;

namespace Ferry.DiskImages.Vhd;

/// <summary>
/// The slots of an image that is changed: blocks that had one keep it, those that the delta touches for the first time get the next ones in the order of the
/// disk. Entries from the first new slot on count as new, so that an interrupted completion is repeated.
/// </summary>
internal sealed class DeltaBlockSlots : IBlockSlots
{
    private const int TableBuffer = 1 << 20;

    private readonly int[] _slots;

    private DeltaBlockSlots(int[] slots, long count)
    {
        _slots = slots;
        Count = count;
    }

    /// <inheritdoc/>
    public long Count { get; private set; }

    /// <inheritdoc/>
    public long SlotOf(long block) => _slots[block];

    /// <summary>Reads the table of an image.</summary>
    /// <param name="file">The image.</param>
    /// <param name="layout">Its layout.</param>
    /// <param name="used">Slots that were in use before the delta.</param>
    /// <param name="complete">Whether the image is complete, so that it has no others.</param>
    /// <exception cref="DiskImageException">The blocks do not stand where Ferry places them.</exception>
    internal static DeltaBlockSlots Read(ImageFile file, DynamicVhdLayout layout, long used, bool complete)
    {
        if (used < 0 || used > layout.BlockCount)
        {
            throw Changed(file);
        }

        var slots = new int[layout.BlockCount];
        var taken = new BitArray((int)used);
        var buffer = new byte[(int)Math.Min(TableBuffer, layout.TableLength)];
        var found = 0;
        for (var block = 0; block < slots.Length; block++)
        {
            var inBuffer = block * VhdBlocks.EntrySize % buffer.Length;
            if (inBuffer == 0)
            {
                buffer.AsSpan().Clear();
                file.Read(DynamicVhdLayout.TableOffset + ((long)block * VhdBlocks.EntrySize), buffer);
            }

            var entry = BinaryPrimitives.ReadUInt32BigEndian(buffer.AsSpan(inBuffer));
            var slot = layout.SlotOf(entry);
            if (slot >= 0 && slot < used && !taken[(int)slot])
            {
                taken[(int)slot] = true;
                slots[block] = (int)slot;
                found++;
            }
            else if (entry == VhdBlocks.Unallocated || (slot >= used && !complete))
            {
                slots[block] = -1;
            }
            else
            {
                throw Changed(file);
            }
        }

        return found == used ? new DeltaBlockSlots(slots, used) : throw Changed(file);
    }

    /// <summary>Gives slots to the blocks of a delta that have none.</summary>
    internal void Append(PlanRanges ranges, int blockSize)
    {
        foreach (var range in ranges.Ranges)
        {
            for (var block = range.Offset / blockSize; block <= (range.End - 1) / blockSize; block++)
            {
                if (_slots[block] < 0)
                {
                    _slots[block] = (int)Count++;
                }
            }
        }
    }

    private static UnsupportedDiskImageException Changed(ImageFile file) =>
        new(DiskImageErrors.UnsupportedVariant, "Another program has written to the image, so that it cannot be changed in place; convert again.", file.Path, DynamicVhdLayout.TableOffset);
}
