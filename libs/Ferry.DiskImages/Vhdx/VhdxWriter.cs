using Ferry.DiskImages.Conversion;
using Ferry.DiskImages.Writing;

namespace Ferry.DiskImages.Vhdx;

/// <summary>Writes a dynamic or fixed VHDX. Blocks go straight to their final place; the metadata is written when the image is completed.</summary>
internal static class VhdxWriter
{
    /// <summary>How the creator field of every file that Ferry writes begins; alone in one whose blocks get their places as they come.</summary>
    internal const string Creator = "Ferry";

    /// <summary>Creates the file of a plan, goes on with it, or finds that it is already complete.</summary>
    internal static async ValueTask<IDiskImageWriter> CreateOrContinueAsync(string path, DiskImagePlan plan, CancellationToken cancellationToken)
    {
        var ranges = new PlanRanges(plan);
        var layout = VhdxLayout.Create(plan);
        IBlockSlots slots = layout.IsFixed ? new FixedBlockSlots(layout.Geometry.BlockCount) : new PlannedBlockSlots(ranges, layout.Geometry.BlockSize);
        var digest = PlanDigest.Compute(plan, ranges, layout.Geometry.BlockSize);
        var file = ImageFile.OpenOrCreate(path);
        try
        {
            var completed = await VhdxCreation.BeginAsync(file, digest, layout.OffsetOf(slots.Count), cancellationToken).ConfigureAwait(false);
            return Open(file, layout, slots, ranges, new VhdxCreation(file, layout, slots, digest, completed));
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
        var layout = VhdxLayout.Create(plan);
        var appended = layout.IsFixed ? null : new AppendedBlockSlots(layout.Geometry.BlockCount);
        IBlockSlots slots = appended is null ? new FixedBlockSlots(layout.Geometry.BlockCount) : appended;
        var file = ImageFile.CreateNew(path);
        try
        {
            await VhdxCreation.BeginAsync(file, digest: null, layout.OffsetOf(slots.Count), cancellationToken).ConfigureAwait(false);
            var writer = Open(file, layout, slots, ranges: null, new VhdxCreation(file, layout, slots, digest: null, isComplete: false));
            return new BlockTarget(writer, appended, () => ImageFile.Delete(path));
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
        Span<byte> start = stackalloc byte[FileIdentifier.Size];
        using var file = File.OpenRead(path);
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length
            && FileIdentifier.IsBegun(start)
            && FileIdentifier.Read(start).Creator == Creator;
    }

    /// <summary>The writer of a file; it owns the file.</summary>
    /// <param name="file">The file, marked incomplete unless <paramref name="ending"/> says that it is complete.</param>
    /// <param name="layout">Where everything stands.</param>
    /// <param name="slots">The places of the blocks.</param>
    /// <param name="ranges">What may be written; null: all that has a place.</param>
    /// <param name="ending">How the image is completed.</param>
    internal static BlockImageWriter Open(ImageFile file, VhdxLayout layout, IBlockSlots slots, PlanRanges? ranges, IImageEnding ending) =>
        new(file, layout.Geometry.Capacity, layout.Geometry.BlockSize, layout.OffsetOf(0), slots, ranges, ending);
}
