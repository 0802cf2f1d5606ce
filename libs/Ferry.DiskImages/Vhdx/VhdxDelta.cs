using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Sources;
using Ferry.DiskImages.Writing;

namespace Ferry.DiskImages.Vhdx;

/// <summary>A delta to a complete VHDX that Ferry wrote: blocks that have a place keep it, the others are appended.</summary>
internal sealed class VhdxDelta : IImageEnding
{
    private readonly DeltaJournal _journal;
    private readonly VhdxLayout _layout;
    private readonly DeltaBlockSlots _slots;

    private VhdxDelta(DeltaJournal journal, VhdxLayout layout, DeltaBlockSlots slots)
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
        VhdxLayout? layout = null;
        PlanRanges? ranges = null;
        var journal = await DeltaJournal.OpenAsync(path, delta, IdentifyAsync, InspectAsync, cancellationToken).ConfigureAwait(false);
        try
        {
            var slots = await FindSlotsAsync(journal, layout!, ranges!, cancellationToken).ConfigureAwait(false);
            if (!journal.IsComplete && journal.File.Length < layout!.OffsetOf(slots.Count))
            {
                journal.File.SetLength(layout.OffsetOf(slots.Count));
            }

            return VhdxWriter.Open(journal.File, layout!, slots, ranges, new VhdxDelta(journal, layout!, slots));
        }
        catch
        {
            journal.File.Dispose();
            throw;
        }

        async ValueTask<DeltaIdentity> IdentifyAsync(ImageFile file, CancellationToken cancellation)
        {
            layout = await ReadLayoutAsync(file, cancellation).ConfigureAwait(false);
            ranges = new PlanRanges(delta, layout.Geometry.Capacity);
            var digest = PlanDigest.Compute(delta, DiskImageFormat.Vhdx, layout.Geometry.Capacity, layout.Geometry.BlockSize, ranges);
            return new DeltaIdentity(digest, VhdxLayout.RecordOffset, [new SignaturePlace(0, FileIdentifier.Signature.ToArray(), FileIdentifier.DeltaSignature.ToArray())]);
        }

        async ValueTask<(long OldCount, long OldEnd)> InspectAsync(ImageFile file, ImageRecord? last, CancellationToken cancellation)
        {
            await RefuseChangedAsync(file, layout!, last, cancellation).ConfigureAwait(false);
            var count = await VhdxTable.CountAsync(file, layout!, cancellation).ConfigureAwait(false);

            // What stands behind the last block is in no table; an appended block must begin as a hole.
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

        var file = _journal.File;
        if (durable)
        {
            await file.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        var bytes = new byte[VhdxHeader.Size];
        _layout.Header(0, _journal.Record.Digest).Write(bytes);
        file.Write(VhdxHeader.FirstOffset, bytes);
        _layout.Header(1, _journal.Record.Digest).Write(bytes);
        file.Write(VhdxHeader.SecondOffset, bytes);
        await VhdxTable.AppendAsync(file, _layout, _slots, cancellationToken).ConfigureAwait(false);
        if (durable)
        {
            await file.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        await _journal.CompleteAsync(contentId, durable, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Digest of the delta that an image's record speaks of; null when the image is as it was created.</summary>
    internal static string? DigestOf(ImageRecord? record, string creator) =>
        record is { State: ImageRecordState.Applied } applied && !creator.EndsWith(applied.Digest, StringComparison.Ordinal) ? applied.Digest : null;

    private static async ValueTask<DeltaBlockSlots> FindSlotsAsync(DeltaJournal journal, VhdxLayout layout, PlanRanges ranges, CancellationToken cancellationToken)
    {
        var table = new MetadataPages(new ImageFileSource(journal.File), new PageCache());
        return await DeltaBlockSlots.CreateAsync(ranges, layout.Geometry.BlockSize, journal.OldCountOf(layout.Geometry.BlockSize), FindAsync, cancellationToken).ConfigureAwait(false);

        async ValueTask<long> FindAsync(long block, CancellationToken cancellation)
        {
            var position = VhdxLayout.TableOffset + (layout.Geometry.EntryOf(block) * BatEntry.Size);
            return VhdxTable.SlotOf(new BatEntry(await table.ReadUInt64Async(position, cancellation).ConfigureAwait(false)), layout, journal.File, position);
        }
    }

    /// <summary>The layout of an image that Ferry completed once; from regions and metadata, which stay as they are for good.</summary>
    private static async ValueTask<VhdxLayout> ReadLayoutAsync(ImageFile file, CancellationToken cancellationToken)
    {
        var source = new ImageFileSource(file);
        var (isBegun, creator) = ReadIdentifier(file);
        if (isBegun)
        {
            throw new InvalidDiskImageException(DiskImageErrors.Incomplete, "Ferry began this image and did not finish it; finish the conversion first.", file.Path);
        }

        var layout = creator.StartsWith(VhdxWriter.Creator, StringComparison.Ordinal) ? await VhdxOpener.ReadLayoutAsync(source, cancellationToken).ConfigureAwait(false) : null;
        return layout ?? throw new UnsupportedDiskImageException(
            DiskImageErrors.UnsupportedVariant, "Another program wrote or rearranged this image; only what Ferry wrote can be changed in place. Convert again.", file.Path);
    }

    private static (bool IsBegun, string Creator) ReadIdentifier(ImageFile file)
    {
        var bytes = new byte[FileIdentifier.Size];
        return file.Read(0, bytes) == bytes.Length && (FileIdentifier.IsMatch(bytes) || FileIdentifier.IsIncomplete(bytes))
            ? (FileIdentifier.IsBegun(bytes), FileIdentifier.Read(bytes).Creator)
            : throw new UnsupportedDiskImageException(DiskImageErrors.UnsupportedVariant, "The file is not a VHDX image.", file.Path);
    }

    /// <summary>Refuses an image that a virtual machine or another program has written to: its header has other ids then.</summary>
    private static async ValueTask RefuseChangedAsync(ImageFile file, VhdxLayout layout, ImageRecord? last, CancellationToken cancellationToken)
    {
        var header = await VhdxOpener.ReadHeaderAsync(new ImageFileSource(file), cancellationToken).ConfigureAwait(false);
        if (header != layout.Header(1, DigestOf(last, ReadIdentifier(file).Creator)))
        {
            throw new UnsupportedDiskImageException(
                DiskImageErrors.UnsupportedVariant, "Another program, perhaps a virtual machine, has written to this image since Ferry completed it; convert again.", file.Path, VhdxHeader.FirstOffset);
        }
    }
}
