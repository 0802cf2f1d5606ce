using System.Text;
using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Writing;

namespace Ferry.DiskImages.Vmdk;

/// <summary>A delta to a complete monolithicSparse file that Ferry wrote: grains that have a place keep it, the others are appended.</summary>
internal sealed class VmdkSparseDelta : IImageEnding
{
    private readonly DeltaJournal _journal;
    private readonly VmdkSparseLayout _layout;
    private readonly DeltaBlockSlots _slots;

    private VmdkSparseDelta(DeltaJournal journal, VmdkSparseLayout layout, DeltaBlockSlots slots)
    {
        _journal = journal;
        _layout = layout;
        _slots = slots;
    }

    /// <inheritdoc/>
    public bool IsComplete => _journal.IsComplete;

    /// <summary>Begins the delta, goes on with it, or finds that it is already in the image.</summary>
    internal static async ValueTask<IDiskImageWriter> ReopenAsync(string path, DiskImageDelta delta, CancellationToken cancellationToken)
    {
        VmdkSparseLayout? layout = null;
        PlanRanges? ranges = null;
        var journal = await DeltaJournal.OpenAsync(path, delta, IdentifyAsync, InspectAsync, cancellationToken).ConfigureAwait(false);
        try
        {
            var slots = await FindSlotsAsync(journal, layout!, ranges!, cancellationToken).ConfigureAwait(false);
            if (!journal.IsComplete)
            {
                if (!layout!.HasRoomFor(slots.Count))
                {
                    throw new ArgumentException("With the data of the delta the image would go past 2 TiB, where a sparse VMDK ends.", nameof(delta));
                }

                journal.File.SetLength(Math.Max(journal.File.Length, layout.OffsetOf(slots.Count)));
            }

            var ending = new VmdkSparseDelta(journal, layout!, slots);
            return new BlockImageWriter(journal.File, layout!.Capacity, layout.GrainSize, layout.PayloadOffset, slots, ranges, ending);
        }
        catch
        {
            journal.File.Dispose();
            throw;
        }

        async ValueTask<DeltaIdentity> IdentifyAsync(ImageFile file, CancellationToken cancellation)
        {
            layout = await ReadLayoutAsync(file, cancellation).ConfigureAwait(false);
            ranges = new PlanRanges(delta, layout.Capacity);
            var digest = PlanDigest.Compute(delta, DiskImageFormat.Vmdk, layout.Capacity, layout.GrainSize, ranges);
            var header = new byte[SparseExtentHeader.Size];
            layout.Header().Write(header);
            return new DeltaIdentity(digest, layout.RecordOffset, [new SignaturePlace(0, header.AsMemory(0, VmdkMark.SignatureSize), VmdkMark.DeltaSignature.ToArray())]);
        }

        async ValueTask<(long OldCount, long OldEnd)> InspectAsync(ImageFile file, ImageRecord? last, CancellationToken cancellation)
        {
            RefuseChanged(file, layout!, last);
            var count = await VmdkTables.CountAsync(file, layout!, cancellation).ConfigureAwait(false);

            // What stands behind the last grain is in no table; an appended grain must begin as a hole.
            file.SetLength(layout!.OffsetOf(count));
            return (count, 0);
        }
    }

    /// <inheritdoc/>
    public async ValueTask CompleteAsync(string? contentId, bool durable, CancellationToken cancellationToken)
    {
        if (IsComplete)
        {
            return;
        }

        // Another writer of the delta may have ended it already, and said what the image holds.
        var file = _journal.File;
        contentId ??= DeltaJournal.ReadRecord(file, _layout.RecordOffset) is { } now && now.Digest == _journal.Record.Digest ? now.ContentId : null;
        await FlushIfAsync(durable, file, cancellationToken).ConfigureAwait(false);
        file.Write(VmdkSparseLayout.DescriptorSector * SourceBounds.Sector, _layout.Descriptor(_journal.Record.Digest, contentId));
        await VmdkTables.AppendAsync(file, _layout, _slots, cancellationToken).ConfigureAwait(false);
        await FlushIfAsync(durable, file, cancellationToken).ConfigureAwait(false);
        await _journal.CompleteAsync(contentId, durable, cancellationToken).ConfigureAwait(false);
    }

    private static ValueTask FlushIfAsync(bool durable, ImageFile file, CancellationToken cancellationToken) =>
        durable ? file.FlushAsync(cancellationToken) : ValueTask.CompletedTask;

    private static async ValueTask<DeltaBlockSlots> FindSlotsAsync(DeltaJournal journal, VmdkSparseLayout layout, PlanRanges ranges, CancellationToken cancellationToken)
    {
        var tables = new MetadataPages(new ImageFileSource(journal.File), new PageCache());
        return await DeltaBlockSlots.CreateAsync(ranges, layout.GrainSize, journal.OldCountOf(layout.GrainSize), FindAsync, cancellationToken).ConfigureAwait(false);

        async ValueTask<long> FindAsync(long grain, CancellationToken cancellation)
        {
            var position = VmdkTables.OffsetOf(layout, grain);
            return VmdkTables.SlotOf(await tables.ReadUInt32Async(position, cancellation).ConfigureAwait(false), layout, journal.File, position);
        }
    }

    /// <summary>The layout of an image that Ferry completed once: from the header, whose signature alone may be withheld, and from the comment in the descriptor.</summary>
    private static async ValueTask<VmdkSparseLayout> ReadLayoutAsync(ImageFile file, CancellationToken cancellationToken)
    {
        var source = new ImageFileSource(file);
        var start = new byte[(VmdkSparseLayout.DescriptorSector + VmdkSparseLayout.DescriptorSectors) * SourceBounds.Sector];
        SourceBounds.Require(source, 0, start.Length, "header and descriptor");
        await source.ReadAsync(0, start, cancellationToken).ConfigureAwait(false);
        if (VmdkMark.TryRead(start) is not null)
        {
            throw new InvalidDiskImageException(DiskImageErrors.Incomplete, "Ferry began this image and did not finish it; finish the conversion first.", file.Path);
        }

        var header = SparseExtentHeader.Read(start);
        var isBeing = start.AsSpan().StartsWith(VmdkMark.DeltaSignature);
        if (!isBeing && !SparseExtentHeader.IsMatch(start))
        {
            throw new UnsupportedDiskImageException(DiskImageErrors.UnsupportedVariant, "The file is not a sparse VMDK.", file.Path);
        }

        var text = Encoding.UTF8.GetString(start.AsSpan(VmdkSparseLayout.DescriptorSector * SourceBounds.Sector)).TrimEnd('\0');
        var layout = VmdkWriting.Find(text) is { } writing && FindFileName(text) is { } name
            && header.Capacity <= long.MaxValue / SourceBounds.Sector && header.GrainSize is >= 8 and <= 128
            ? new VmdkSparseLayout((long)header.Capacity * SourceBounds.Sector, (int)header.GrainSize * SourceBounds.Sector, writing.DiskId, name)
            : null;
        var expected = layout?.Header();
        return layout is not null && expected == (isBeing ? header with { Version = expected!.Value.Version } : header)
            ? layout
            : throw new UnsupportedDiskImageException(
                DiskImageErrors.UnsupportedVariant, "Another program wrote or rearranged this image; only what Ferry wrote can be changed in place. Convert again.", file.Path);
    }

    private static string? FindFileName(string descriptor)
    {
        const string Begin = " SPARSE \"";
        var at = descriptor.IndexOf(Begin, StringComparison.Ordinal);
        var end = at < 0 ? -1 : descriptor.IndexOf('"', at + Begin.Length);
        return end < 0 ? null : descriptor[(at + Begin.Length)..end];
    }

    /// <summary>Refuses an image that a virtual machine or another program has written to: its descriptor has another content id then.</summary>
    private static void RefuseChanged(ImageFile file, VmdkSparseLayout layout, ImageRecord? last)
    {
        var descriptor = new byte[VmdkSparseLayout.DescriptorSectors * SourceBounds.Sector];
        const long Offset = VmdkSparseLayout.DescriptorSector * SourceBounds.Sector;
        if (file.Read(Offset, descriptor) != descriptor.Length || !descriptor.AsSpan().SequenceEqual(layout.Descriptor(last?.Digest, last?.ContentId)))
        {
            throw new UnsupportedDiskImageException(
                DiskImageErrors.UnsupportedVariant, "Another program, perhaps a virtual machine, has written to this image since Ferry completed it; convert again.", file.Path, Offset);
        }
    }
}
