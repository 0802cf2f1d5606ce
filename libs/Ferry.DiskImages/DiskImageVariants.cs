using System.Collections.Frozen;

namespace Ferry.DiskImages;

/// <summary>The variants that can be written, by format, and their names in the formats' own words.</summary>
public static class DiskImageVariants
{
    private static readonly FrozenDictionary<DiskImageFormat, DiskImageVariant[]> ByFormat = new Dictionary<DiskImageFormat, DiskImageVariant[]>
    {
        // The first is the default.
        [DiskImageFormat.Raw] = [DiskImageVariant.Default],
        [DiskImageFormat.Vmdk] = [DiskImageVariant.MonolithicSparse, DiskImageVariant.StreamOptimized, DiskImageVariant.MonolithicFlat],
        [DiskImageFormat.Qcow2] = [DiskImageVariant.Dynamic, DiskImageVariant.Compressed],
        [DiskImageFormat.Vhdx] = [DiskImageVariant.Dynamic, DiskImageVariant.Fixed],
        [DiskImageFormat.Vhd] = [DiskImageVariant.Dynamic, DiskImageVariant.Fixed, DiskImageVariant.Azure],
        [DiskImageFormat.Vdi] = [DiskImageVariant.Dynamic],
    }.ToFrozenDictionary();

    /// <summary>The variants of a format that can be written, its default first; empty when the format cannot be written.</summary>
    public static IReadOnlyList<DiskImageVariant> Of(DiskImageFormat format) => ByFormat.GetValueOrDefault(format, []);

    /// <summary>The variant itself, or the format's default for <see cref="DiskImageVariant.Default"/>.</summary>
    /// <exception cref="UnsupportedDiskImageException"><see cref="DiskImageErrors.UnsupportedVariant"/>: the format has no such variant, or cannot be written.</exception>
    internal static DiskImageVariant Resolve(DiskImageFormat format, DiskImageVariant variant)
    {
        var known = Of(format);
        return known.Count == 0
            ? throw new UnsupportedDiskImageException(DiskImageErrors.UnsupportedVariant, $"Images of the format {format} cannot be written.")
            : variant == DiskImageVariant.Default ? known[0]
            : known.Contains(variant) ? variant
            : throw new UnsupportedDiskImageException(DiskImageErrors.UnsupportedVariant, $"The format {format} has no variant {variant}; choose one of {string.Join(", ", known)}.");
    }
}
