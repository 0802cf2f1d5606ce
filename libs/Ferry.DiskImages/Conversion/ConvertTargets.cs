using Ferry.DiskImages.Qcow2.Writing;
using Ferry.DiskImages.Raw;
using Ferry.DiskImages.Vdi;
using Ferry.DiskImages.Vhd;
using Ferry.DiskImages.Vhdx;
using Ferry.DiskImages.Vmdk;

namespace Ferry.DiskImages.Conversion;

/// <summary>Creates the target of a conversion.</summary>
internal static class ConvertTargets
{
    /// <summary>Creates the file; what may not be replaced is refused before the first byte is read. The plan's variant is resolved, its allocated ranges are not used.</summary>
    internal static async ValueTask<IConvertTarget> CreateAsync(string path, DiskImagePlan plan, bool overwrite, CancellationToken cancellationToken)
    {
        try
        {
            MakeWay(path, plan, overwrite);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DiskImageException(DiskImageErrors.InputOutput, $"The target cannot be replaced: {e.Message}", path, inner: e);
        }

        return (plan.Format, plan.Variant) switch
        {
            (DiskImageFormat.Qcow2, _) => await Qcow2Target.CreateAsync(path, plan, cancellationToken).ConfigureAwait(false),
            (DiskImageFormat.Vhdx, _) => await VhdxWriter.CreateTargetAsync(path, plan, cancellationToken).ConfigureAwait(false),
            (DiskImageFormat.Vmdk, DiskImageVariant.StreamOptimized) => await VmdkStreamTarget.CreateAsync(path, plan, cancellationToken).ConfigureAwait(false),
            (DiskImageFormat.Vmdk, DiskImageVariant.MonolithicFlat) => await VmdkFlatWriter.CreateTargetAsync(path, plan, overwrite, cancellationToken).ConfigureAwait(false),
            (DiskImageFormat.Vmdk, _) => await VmdkSparseCreation.CreateTargetAsync(path, plan, cancellationToken).ConfigureAwait(false),
            (DiskImageFormat.Vdi, DiskImageVariant.Dynamic) => await VdiWriter.CreateTargetAsync(path, plan, cancellationToken).ConfigureAwait(false),
            (DiskImageFormat.Raw, _) => await RawWriter.CreateTargetAsync(path, plan, overwrite, cancellationToken).ConfigureAwait(false),
            (DiskImageFormat.Vhd, _) => await VhdCreator.CreateTargetAsync(path, plan, cancellationToken).ConfigureAwait(false),
            _ => throw new UnsupportedDiskImageException(DiskImageErrors.UnsupportedVariant, $"Images of the format {plan.Format} {plan.Variant} cannot be written.", path),
        };
    }

    /// <summary>Removes a file that may be replaced; only ever a regular file.</summary>
    private static void MakeWay(string path, DiskImagePlan plan, bool overwrite)
    {
        var info = new FileInfo(path);
        if (!info.Exists || info.Length == 0)
        {
            return;
        }

        if (!overwrite && !IsLeftover(path, plan))
        {
            throw new DiskImageException(DiskImageErrors.Exists, "The target exists already and is not overwritten.", path);
        }

        File.Delete(path);
        File.Delete(path + RawMark.Extension);
    }

    /// <summary>Whether an interrupted conversion left the file. What a plan began belongs to a job that may still go on.</summary>
    private static bool IsLeftover(string path, DiskImagePlan plan) => plan.Format switch
    {
        DiskImageFormat.Qcow2 => Qcow2Creation.IsLeftover(path),
        DiskImageFormat.Vhdx => VhdxWriter.IsLeftover(path),
        DiskImageFormat.Vmdk => VmdkSparseCreation.IsLeftover(path, plan),
        DiskImageFormat.Vdi => VdiWriter.IsLeftover(path),
        DiskImageFormat.Vhd => VhdCreator.IsLeftover(path),
        DiskImageFormat.Raw => RawWriter.IsLeftover(path, plan),
        _ => false,
    };
}
