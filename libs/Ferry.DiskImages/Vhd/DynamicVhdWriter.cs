using System.Buffers;
using System.Buffers.Binary;
using Ferry.DiskImages.Writing;

namespace Ferry.DiskImages.Vhd;

/// <summary>
/// Writes a dynamic VHD, or changes one. Blocks go straight to their final place; the tables, the bitmaps and the footers are written when the image is
/// completed. Until then a <see cref="VhdMark"/> stands at offset 0 and no footer anywhere.
/// </summary>
internal sealed class DynamicVhdWriter : IAppendingWriter
{
    private const int TableBuffer = 1 << 20;

    private readonly ImageFile _file;
    private readonly DynamicVhdLayout _layout;
    private readonly IBlockSlots _slots;
    private readonly long _firstNewSlot;
    private readonly string _planDigest;
    private readonly PlanRanges? _ranges;
    private bool _completed;

    /// <summary>Creates the writer of a file that is marked; it owns the file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="layout">Its layout.</param>
    /// <param name="slots">The places of its blocks.</param>
    /// <param name="firstNewSlot">The first slot that has no bitmap yet.</param>
    /// <param name="planDigest">What the record of a completed image says: the digest of the last plan or delta.</param>
    /// <param name="ranges">What may be written; null: whatever has a slot.</param>
    /// <param name="completed">Whether the image is complete already.</param>
    internal DynamicVhdWriter(ImageFile file, DynamicVhdLayout layout, IBlockSlots slots, long firstNewSlot, string planDigest, PlanRanges? ranges, bool completed)
    {
        _file = file;
        _layout = layout;
        _slots = slots;
        _firstNewSlot = firstNewSlot;
        _planDigest = planDigest;
        _ranges = ranges;
        _completed = completed;
    }

    /// <inheritdoc/>
    public long Capacity => _layout.Capacity;

    /// <inheritdoc/>
    public long BlockSize => _layout.BlockSize;

    /// <summary>The write itself is synchronous.</summary>
    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _ranges?.Require(offset, data.Length);
        if (_completed)
        {
            throw new InvalidOperationException("The image is complete and takes no more data.");
        }

        var rest = data.Span;
        while (!rest.IsEmpty)
        {
            var slot = _slots.SlotOf(offset / BlockSize);
            ArgumentOutOfRangeException.ThrowIfNegative(slot, nameof(offset));
            var inBlock = offset % BlockSize;
            var count = (int)Math.Min(rest.Length, BlockSize - inBlock);
            _file.Write(_layout.DataOffsetOf(slot) + inBlock, rest[..count]);
            rest = rest[count..];
            offset += count;
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => _file.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask CompleteAsync(CancellationToken cancellationToken = default) => CompleteAsync(durable: true, cancellationToken);

    /// <summary>
    /// Data first, then the tables, each made durable. The copy of the footer at offset 0, which takes the mark's place, makes the file an image; the footer
    /// at the end comes last, as alone it would be taken for that of a fixed disk.
    /// </summary>
    public async ValueTask CompleteAsync(bool durable, CancellationToken cancellationToken)
    {
        if (_completed)
        {
            return;
        }

        var end = _layout.EndOf(_slots.Count);
        _file.SetLength(end + VhdFooter.Size);
        await _file.FlushIfAsync(durable, cancellationToken).ConfigureAwait(false);
        WriteBitmaps();
        WriteTable();
        WriteHeader();
        await _file.FlushIfAsync(durable, cancellationToken).ConfigureAwait(false);
        var footer = new byte[VhdFooter.Size];
        _layout.Footer().Write(footer);
        _file.Write(0, footer);
        await _file.FlushIfAsync(durable, cancellationToken).ConfigureAwait(false);
        _file.Write(end, footer);
        await _file.FlushIfAsync(durable, cancellationToken).ConfigureAwait(false);
        _completed = true;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _file.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Every sector of a new block is the image's own, whether it was written or is a hole.</summary>
    private void WriteBitmaps()
    {
        var bitmap = new byte[_layout.BitmapSize];
        bitmap.AsSpan().Fill(byte.MaxValue);
        for (var slot = _firstNewSlot; slot < _slots.Count; slot++)
        {
            _file.Write(_layout.BitmapOffsetOf(slot), bitmap);
        }
    }

    private void WriteTable()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(TableBuffer);
        try
        {
            for (long position = 0; position < _layout.TableLength; position += TableBuffer)
            {
                var part = buffer.AsSpan(0, (int)Math.Min(TableBuffer, _layout.TableLength - position));
                for (var i = 0; i < part.Length; i += VhdBlocks.EntrySize)
                {
                    var block = (position + i) / VhdBlocks.EntrySize;
                    BinaryPrimitives.WriteUInt32BigEndian(part[i..], _layout.EntryOf(block < _layout.BlockCount ? _slots.SlotOf(block) : -1));
                }

                _file.Write(DynamicVhdLayout.TableOffset + position, part);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void WriteHeader()
    {
        var header = new byte[DynamicDiskHeader.Size];
        _layout.Header().Write(header);
        _file.Write(DynamicVhdLayout.HeaderOffset, header);
        var record = new byte[VhdPlanRecord.Size];
        new VhdPlanRecord(_planDigest).Write(record);
        _file.Write(DynamicVhdLayout.RecordOffset, record);
    }
}
