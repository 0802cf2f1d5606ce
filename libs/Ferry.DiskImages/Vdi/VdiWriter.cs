using Ferry.DiskImages.Conversion;
using Ferry.DiskImages.Writing;

namespace Ferry.DiskImages.Vdi;

/// <summary>Writes a dynamic VDI. Blocks go straight to their final place; map and header are written when the image is completed.</summary>
internal static class VdiWriter
{
    /// <summary>Creates the file of a plan, goes on with it, or finds that it is already complete.</summary>
    internal static async ValueTask<IDiskImageWriter> CreateOrContinueAsync(string path, DiskImagePlan plan, CancellationToken cancellationToken)
    {
        var ranges = new PlanRanges(plan);
        var layout = VdiLayout.Create(plan);
        var slots = new PlannedBlockSlots(ranges, VdiLayout.BlockSize);
        var digest = PlanDigest.Compute(plan, ranges, VdiLayout.BlockSize);
        var file = ImageFile.OpenOrCreate(path);
        try
        {
            var completed = await VdiCreation.BeginAsync(file, layout, digest, layout.OffsetOf(slots.Count), cancellationToken).ConfigureAwait(false);
            return Open(file, layout, slots, ranges, new VdiCreation(file, layout, slots, digest, completed));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Creates a file whose blocks get their places as they come. It cannot be continued.</summary>
    internal static async ValueTask<IConvertTarget> CreateTargetAsync(string path, DiskImagePlan plan, CancellationToken cancellationToken)
    {
        var layout = VdiLayout.Create(plan);
        var slots = new AppendedBlockSlots(layout.BlockCount);
        var file = ImageFile.CreateNew(path);
        try
        {
            await VdiCreation.BeginAsync(file, layout, digest: null, layout.DataOffset, cancellationToken).ConfigureAwait(false);
            var writer = Open(file, layout, slots, ranges: null, new VdiCreation(file, layout, slots, digest: null, isComplete: false));
            return new BlockTarget(writer, slots, () => ImageFile.Delete(path));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether a file is what an interrupted conversion left.</summary>
    internal static bool IsLeftover(string path)
    {
        Span<byte> start = stackalloc byte[VdiLayout.HeaderArea];
        using var file = File.OpenRead(path);
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length
            && VdiPreHeader.IsBegun(start)
            && VdiHeader.Read(start[VdiPreHeader.Size..]).Comment == VdiLayout.CommentOf(null);
    }

    /// <summary>The writer of a file; it owns the file.</summary>
    /// <param name="file">The file, marked incomplete unless <paramref name="ending"/> says that it is complete.</param>
    /// <param name="layout">Where everything stands.</param>
    /// <param name="slots">The places of the blocks.</param>
    /// <param name="ranges">What may be written; null: all that has a place.</param>
    /// <param name="ending">How the image is completed.</param>
    internal static BlockImageWriter Open(ImageFile file, VdiLayout layout, IBlockSlots slots, PlanRanges? ranges, IImageEnding ending) =>
        new(file, layout.Capacity, VdiLayout.BlockSize, layout.OffsetOf(0), slots, ranges, ending);
}
