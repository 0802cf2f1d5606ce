using Ferry.DiskImages.Opening;

namespace Ferry.DiskImages.Qcow2;

/// <summary>Opens the backing file of an image in the format that the image declares. Without one the content tells, but never that the file is raw.</summary>
internal static class BackingFile
{
    /// <summary>Opens the file, or nothing where there is none.</summary>
    internal static async ValueTask<ParentDisk> OpenAsync(ImageChain chain, string? name, string? format, CancellationToken cancellationToken)
    {
        if (name is null)
        {
            return new ParentDisk(null);
        }

        ReferencedName.Require(name, "backing file", chain.Name);
        var declared = format is null ? (DiskImageFormat?)null : FormatOf(format, chain.Name);
        try
        {
            return new ParentDisk(await chain.OpenParentAsync(name, declared, cancellationToken).ConfigureAwait(false));
        }
        catch (UnsupportedDiskImageException e) when (declared is null && e.Code == DiskImageErrors.UnknownFormat)
        {
            throw new UnsupportedDiskImageException(
                DiskImageErrors.UnknownFormat,
                $"The image does not declare the format of its backing file \"{name}\", and the content is of none that is known; it is not taken for raw. If it is, say so: qemu-img rebase -u -F raw -b {name}.",
                chain.Name,
                inner: e);
        }
    }

    private static DiskImageFormat FormatOf(string format, string file) => format switch
    {
        "raw" => DiskImageFormat.Raw,
        "qcow2" => DiskImageFormat.Qcow2,
        "vmdk" => DiskImageFormat.Vmdk,
        "vhdx" => DiskImageFormat.Vhdx,
        "vpc" => DiskImageFormat.Vhd,
        "vdi" => DiskImageFormat.Vdi,
        _ => throw new UnsupportedDiskImageException(
            DiskImageErrors.UnsupportedVariant, $"The backing file is declared to be of the format \"{string.Concat(format.Take(32).Select(c => char.IsControl(c) ? '?' : c))}\", which cannot be read.", file),
    };
}
