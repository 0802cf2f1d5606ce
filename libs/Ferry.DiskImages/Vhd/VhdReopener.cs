using Ferry.DiskImages.Writing;

namespace Ferry.DiskImages.Vhd;

/// <summary>
/// Reopens complete images that Ferry wrote. The mark takes the place of the footer that makes the file an image; the mark holds all that the footer said, so
/// that a delta that was interrupted at any moment can be continued.
/// </summary>
internal static class VhdReopener
{
    /// <summary>Reopens an image, or goes on with the same delta.</summary>
    internal static async ValueTask<IDiskImageWriter> ReopenAsync(string path, DiskImageDelta delta, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            throw new InvalidDiskImageException(DiskImageErrors.MissingFile, "The file does not exist.", path);
        }

        if (delta.BaseContentId is not null)
        {
            throw new InvalidDiskImageException(
                DiskImageErrors.ContentDiffers, "A VHD does not record what it holds, so the delta's base cannot be checked; keep the image's pin elsewhere and compare that.", path);
        }

        var file = ImageFile.OpenOrCreate(path);
        try
        {
            var mark = Find(file);
            var plan = new DiskImagePlan
            {
                Format = DiskImageFormat.Vhd,
                Variant = mark.BlockSize == 0 ? DiskImageVariant.Fixed : DiskImageVariant.Dynamic,
                Capacity = mark.Capacity,
                BlockSize = mark.BlockSize,
                Allocated = delta.Changed,
                DiskId = delta.DeltaId,
            };
            var ranges = new PlanRanges(plan);
            var digest = PlanDigest.Compute(plan, ranges, mark.BlockSize);
            var complete = mark.Kind != VhdMarkKind.Delta;
            if (complete)
            {
                mark = mark with { Kind = VhdMarkKind.Delta, Digest = digest };
            }
            else if (mark.Digest != digest)
            {
                throw Held(file);
            }

            if (mark.BlockSize == 0)
            {
                await VhdEnds.MarkAsync(file, mark, cancellationToken).ConfigureAwait(false);
                return new FixedVhdWriter(file, VhdFooter.Create(VhdDiskType.Fixed, mark.Capacity, mark.DiskId), ranges, completed: false);
            }

            var layout = DynamicVhdLayout.Create(plan with { DiskId = mark.DiskId });
            var slots = DeltaBlockSlots.Read(file, layout, mark.UsedSlots, complete);
            slots.Append(ranges, layout.BlockSize);
            // The footer at the end is the last that a writer writes: where it lacks, the delta is done again.
            if (complete && VhdEnds.RecordOf(file)?.Digest == digest && VhdEnds.FooterAt(file, file.Length - VhdFooter.Size) == layout.Footer())
            {
                return new DynamicVhdWriter(file, layout, slots, mark.UsedSlots, digest, ranges, completed: true);
            }

            await BeginDynamicAsync(file, mark, layout, slots.Count, cancellationToken).ConfigureAwait(false);
            return new DynamicVhdWriter(file, layout, slots, mark.UsedSlots, digest, ranges, completed: false);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The mark of an interrupted delta, or one with the facts of a complete image. The end decides first: offset 0 of a fixed image is the guest's.</summary>
    private static VhdMark Find(ImageFile file)
    {
        // Another opener of the same delta may mark the image between two of the looks; then the mark is there at the second time.
        return TryFind(file) ?? TryFind(file)
            ?? throw new UnsupportedDiskImageException(DiskImageErrors.UnsupportedVariant, "Only a complete VHD that Ferry wrote can be changed in place; convert again.", file.Path);
    }

    private static VhdMark? TryFind(ImageFile file)
    {
        var end = file.Length - VhdFooter.Size;
        if (VhdEnds.FooterAt(file, end) is { DiskType: VhdDiskType.Fixed } last && last == VhdFooter.Create(VhdDiskType.Fixed, end, last.UniqueId))
        {
            return new VhdMark(default, 0, end, 0, last.UniqueId, "");
        }

        if ((VhdEnds.LastMark(file) ?? VhdEnds.FirstMark(file)) is { } mark)
        {
            return mark.Kind == VhdMarkKind.Delta && VhdCapacity.IsAllowed(mark.Capacity) && (mark.BlockSize == 0 || DynamicVhdLayout.IsAllowed(mark.BlockSize))
                ? mark
                : throw Held(file);
        }

        if (VhdEnds.FooterAt(file, 0) is { } first
            && VhdEnds.HeaderOf(file) is { } header
            && VhdEnds.RecordOf(file) is not null
            && VhdCapacity.IsAllowed((long)first.CurrentSize)
            && DynamicVhdLayout.IsAllowed(header.BlockSize)
            && DynamicVhdLayout.Create(PlanOf(first, header)) is var layout
            && first == layout.Footer()
            && (end - layout.EndOf(0)) % layout.SlotSize == 0)
        {
            return new VhdMark(default, layout.BlockSize, layout.Capacity, (end - layout.EndOf(0)) / layout.SlotSize, layout.DiskId, "");
        }

        return null;
    }

    private static DiskImagePlan PlanOf(VhdFooter footer, DynamicDiskHeader header) => new()
    {
        Format = DiskImageFormat.Vhd, Capacity = (long)footer.CurrentSize, BlockSize = (int)header.BlockSize, Allocated = [], DiskId = footer.UniqueId,
    };

    private static async ValueTask BeginDynamicAsync(ImageFile file, VhdMark mark, DynamicVhdLayout layout, long slots, CancellationToken cancellationToken)
    {
        await VhdEnds.MarkAsync(file, mark, cancellationToken).ConfigureAwait(false);

        // The old footer stands in the lead of the first new slot, or where the footer will stand again: nothing of the disk's content is lost with it.
        var oldEnd = layout.EndOf(mark.UsedSlots);
        if (VhdEnds.FooterAt(file, oldEnd) is not null)
        {
            file.Write(oldEnd, new byte[VhdFooter.Size]);
        }

        file.SetLength(layout.EndOf(slots) + VhdFooter.Size);
        await file.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private static InvalidDiskImageException Held(ImageFile file) =>
        new(DiskImageErrors.Incomplete, "Another plan or delta began to change the image; finish that one first, or convert again.", file.Path);
}
