using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Writing;

namespace Ferry.DiskImages.Vdi;

/// <summary>A delta to a complete VDI that Ferry wrote: blocks that have a place keep it, the others are appended.</summary>
internal sealed class VdiDelta : IImageEnding
{
    private readonly DeltaJournal _journal;
    private readonly VdiLayout _layout;
    private readonly DeltaBlockSlots _slots;

    private VdiDelta(DeltaJournal journal, VdiLayout layout, DeltaBlockSlots slots)
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
        VdiLayout? layout = null;
        PlanRanges? ranges = null;
        var journal = await DeltaJournal.OpenAsync(path, delta, IdentifyAsync, InspectAsync, cancellationToken).ConfigureAwait(false);
        try
        {
            var slots = await FindSlotsAsync(journal, ranges!, cancellationToken).ConfigureAwait(false);
            if (!journal.IsComplete && journal.File.Length < layout!.OffsetOf(slots.Count))
            {
                journal.File.SetLength(layout.OffsetOf(slots.Count));
            }

            return VdiWriter.Open(journal.File, layout!, slots, ranges, new VdiDelta(journal, layout!, slots));
        }
        catch
        {
            journal.File.Dispose();
            throw;
        }

        ValueTask<DeltaIdentity> IdentifyAsync(ImageFile file, CancellationToken cancellation)
        {
            layout = VdiLayout.Of(ReadHeader(file)) ?? throw NotOurs("Another program wrote this image; only what Ferry wrote can be changed in place. Convert again.", file);
            ranges = new PlanRanges(delta, layout.Capacity);
            var digest = PlanDigest.Compute(delta, DiskImageFormat.Vdi, layout.Capacity, VdiLayout.BlockSize, ranges);
            return ValueTask.FromResult(new DeltaIdentity(
                digest, VdiLayout.RecordOffset, [new SignaturePlace(VdiPreHeader.SignatureOffset, VdiPreHeader.Signature.ToArray(), VdiPreHeader.DeltaSignature.ToArray())]));
        }

        ValueTask<(long OldCount, long OldEnd)> InspectAsync(ImageFile file, ImageRecord? last, CancellationToken cancellation)
        {
            var header = ReadHeader(file);
            var known = layout!.ModificationId(VdiLayout.DeltaOf(last, header.Comment) ?? header.Comment, header.BlocksAllocated);
            if (header.ModificationId != known || file.Length < layout.OffsetOf(header.BlocksAllocated))
            {
                throw NotOurs("Another program, perhaps a virtual machine, has written to this image since Ferry completed it; convert again.", file);
            }

            // What stands behind the last block is in no entry of the map; an appended block must begin as a hole.
            file.SetLength(layout.OffsetOf(header.BlocksAllocated));
            return ValueTask.FromResult(((long)header.BlocksAllocated, 0L));
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
        await FlushIfAsync(durable, cancellationToken).ConfigureAwait(false);
        VdiMap.Append(file, _slots);
        _layout.WriteChange(file, _journal.Record.Digest, _slots.Count);
        await FlushIfAsync(durable, cancellationToken).ConfigureAwait(false);
        await _journal.CompleteAsync(contentId, durable, cancellationToken).ConfigureAwait(false);
    }

    private ValueTask FlushIfAsync(bool durable, CancellationToken cancellationToken) => durable ? _journal.File.FlushAsync(cancellationToken) : ValueTask.CompletedTask;

    private static async ValueTask<DeltaBlockSlots> FindSlotsAsync(DeltaJournal journal, PlanRanges ranges, CancellationToken cancellationToken)
    {
        var map = new MetadataPages(new ImageFileSource(journal.File), new PageCache());
        return await DeltaBlockSlots.CreateAsync(ranges, VdiLayout.BlockSize, journal.OldCountOf(VdiLayout.BlockSize), FindAsync, cancellationToken).ConfigureAwait(false);

        async ValueTask<long> FindAsync(long block, CancellationToken cancellation)
        {
            var entry = new VdiBlockPointer(await map.ReadUInt32Async(VdiLayout.MapOffset + (block * VdiBlockPointer.Size), cancellation).ConfigureAwait(false));
            return entry.Kind == ExtentKind.Data ? entry.Value : -1;
        }
    }

    private static VdiHeader ReadHeader(ImageFile file)
    {
        var bytes = new byte[VdiLayout.HeaderArea];
        if (file.Read(0, bytes) != bytes.Length || !(VdiPreHeader.IsMatch(bytes) || VdiPreHeader.IsIncomplete(bytes)))
        {
            throw NotOurs("The file is not a VDI image.", file);
        }

        return VdiPreHeader.IsBegun(bytes)
            ? throw new InvalidDiskImageException(DiskImageErrors.Incomplete, "Ferry began this image and did not finish it; finish the conversion first.", file.Path)
            : VdiHeader.Read(bytes.AsSpan(VdiPreHeader.Size));
    }

    private static UnsupportedDiskImageException NotOurs(string message, ImageFile file) => new(DiskImageErrors.UnsupportedVariant, message, file.Path);
}
