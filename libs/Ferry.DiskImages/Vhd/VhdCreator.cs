using Ferry.DiskImages.Conversion;
using Ferry.DiskImages.Writing;

namespace Ferry.DiskImages.Vhd;

/// <summary>Begins and continues VHD images in each of their variants.</summary>
internal static class VhdCreator
{
    private const long AzureMultiple = 1 << 20;

    /// <summary>Creates the file of a plan, goes on with it, or finds that it is already complete.</summary>
    internal static async ValueTask<IDiskImageWriter> CreateOrContinueAsync(string path, DiskImagePlan plan, CancellationToken cancellationToken)
    {
        var ranges = new PlanRanges(plan);
        if (plan.Variant != DiskImageVariant.Dynamic)
        {
            var footer = FixedFooter(plan);
            var mark = new VhdMark(VhdMarkKind.Plan, 0, (long)footer.CurrentSize, 0, plan.DiskId, PlanDigest.Compute(plan, ranges, 0));
            return await BeginAsync(
                ImageFile.OpenOrCreate(path),
                async file => new FixedVhdWriter(file, footer, ranges, await BeginFixedAsync(file, mark, footer, cancellationToken).ConfigureAwait(false))).ConfigureAwait(false);
        }

        var layout = DynamicVhdLayout.Create(plan);
        var digest = PlanDigest.Compute(plan, ranges, layout.BlockSize);
        var slots = new PlannedBlockSlots(ranges, layout.BlockSize);
        return await BeginAsync(
            ImageFile.OpenOrCreate(path),
            async file => new DynamicVhdWriter(
                file, layout, slots, 0, digest, ranges, await BeginDynamicAsync(file, MarkOf(layout, digest), layout, slots.Count, cancellationToken).ConfigureAwait(false))).ConfigureAwait(false);
    }

    /// <summary>Creates a file whose blocks get their places as they come. It cannot be continued.</summary>
    internal static async ValueTask<IConvertTarget> CreateTargetAsync(string path, DiskImagePlan plan, CancellationToken cancellationToken)
    {
        if (plan.Variant != DiskImageVariant.Dynamic)
        {
            var footer = FixedFooter(plan);
            var mark = new VhdMark(VhdMarkKind.Conversion, 0, (long)footer.CurrentSize, 0, plan.DiskId, "");
            return await BeginAsync(
                ImageFile.CreateNew(path),
                async file => new BlockTarget(
                    new FixedVhdWriter(file, footer, null, await BeginFixedAsync(file, mark, footer, cancellationToken).ConfigureAwait(false)), null, () => File.Delete(path))).ConfigureAwait(false);
        }

        var layout = DynamicVhdLayout.Create(plan);
        var slots = new AppendedBlockSlots(layout.BlockCount);
        return await BeginAsync(
            ImageFile.CreateNew(path),
            async file => new BlockTarget(
                new DynamicVhdWriter(file, layout, slots, 0, "", null, await BeginDynamicAsync(file, MarkOf(layout, ""), layout, 0, cancellationToken).ConfigureAwait(false)), slots, () => File.Delete(path))).ConfigureAwait(false);
    }

    /// <summary>Whether a file is what an interrupted conversion left.</summary>
    internal static bool IsLeftover(string path)
    {
        using var file = ImageFile.OpenOrCreate(path);
        return (VhdEnds.LastMark(file) ?? VhdEnds.FirstMark(file)) is { Kind: VhdMarkKind.Conversion };
    }

    /// <summary>Marks a new fixed image as incomplete, or recognises one that the same plan began.</summary>
    /// <returns>Whether the image is complete already.</returns>
    private static async ValueTask<bool> BeginFixedAsync(ImageFile file, VhdMark mark, VhdFooter footer, CancellationToken cancellationToken)
    {
        if (file.Length == 0)
        {
            // One write makes the file as long as it will be and marks it.
            await VhdEnds.MarkAsync(file, mark, cancellationToken).ConfigureAwait(false);
            file.FlushFolder();
            return false;
        }

        if (VhdEnds.LastMark(file) is { } found)
        {
            return found == mark ? false : throw Refusals.OtherPlan(file.Path);
        }

        return VhdEnds.FooterAt(file, mark.Capacity) == footer && file.Length == mark.Capacity + VhdFooter.Size ? true : throw Refusals.OtherFile(file.Path);
    }

    /// <summary>Marks a new dynamic image as incomplete, or recognises one that the same plan began.</summary>
    /// <returns>Whether the image is complete already.</returns>
    private static async ValueTask<bool> BeginDynamicAsync(ImageFile file, VhdMark mark, DynamicVhdLayout layout, long slots, CancellationToken cancellationToken)
    {
        var length = layout.EndOf(slots) + VhdFooter.Size;
        if (file.Length == 0)
        {
            await VhdEnds.MarkAsync(file, mark, cancellationToken).ConfigureAwait(false);
            file.SetLength(length);
            await file.FlushAsync(cancellationToken).ConfigureAwait(false);
            file.FlushFolder();
            return false;
        }

        if (VhdEnds.FirstMark(file) is { } found)
        {
            if (found != mark)
            {
                throw Refusals.OtherPlan(file.Path);
            }

            if (file.Length < length)
            {
                // The first writer died between its mark and the length.
                file.SetLength(length);
            }

            return false;
        }

        // The footer at the end is the last that a writer writes: where it lacks, the completion is repeated.
        return VhdEnds.FooterAt(file, 0) == layout.Footer() && VhdEnds.RecordOf(file)?.Digest == mark.Digest
            ? VhdEnds.FooterAt(file, file.Length - VhdFooter.Size) == layout.Footer()
            : throw Refusals.OtherFile(file.Path);
    }

    private static async ValueTask<T> BeginAsync<T>(ImageFile file, Func<ImageFile, Task<T>> begin)
    {
        try
        {
            return await begin(file).ConfigureAwait(false);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static VhdMark MarkOf(DynamicVhdLayout layout, string digest) =>
        new(digest.Length == 0 ? VhdMarkKind.Conversion : VhdMarkKind.Plan, layout.BlockSize, layout.Capacity, 0, layout.DiskId, digest);

    /// <summary>The footer of a fixed disk; Azure takes whole multiples of 1 MiB only.</summary>
    private static VhdFooter FixedFooter(DiskImagePlan plan)
    {
        if (plan.BlockSize != 0)
        {
            throw new ArgumentException("A fixed VHD has no blocks, so that no block size can be given.", nameof(plan));
        }

        VhdCapacity.Require(plan);
        var capacity = plan.Variant == DiskImageVariant.Azure ? (plan.Capacity + AzureMultiple - 1) / AzureMultiple * AzureMultiple : plan.Capacity;
        return VhdFooter.Create(VhdDiskType.Fixed, capacity, plan.DiskId);
    }
}
