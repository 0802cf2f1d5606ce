using Ferry.DiskImages;

namespace Ferry.Conversion.Targets;

/// <summary>The one place that selects a target.</summary>
public static class TargetSelector
{
    /// <summary>Every target that has a name, built or not.</summary>
    public static IReadOnlyList<TargetPlatform> All { get; } =
    [
        new("hyperv", Built: true, ["vhdx"]),
        new("kvm", Built: true, ["qcow2", "raw"]),
        new("azure", Built: true, ["vhd"], DiskImageVariant.Azure),
        new("raw", Built: true, ["raw", "vhdx", "vhd", "vdi", "qcow2"]),
        new("kubevirt", Built: false, []),
        new("openstack", Built: false, []),
        new("vmware", Built: false, []),
    ];

    /// <summary>The target of a name.</summary>
    /// <exception cref="TargetException"><see cref="TargetErrors.Unknown"/>, <see cref="TargetErrors.NotBuilt"/>.</exception>
    public static TargetPlatform Select(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var built = string.Join(", ", All.Where(t => t.Built).Select(t => t.Name));
        var target = All.FirstOrDefault(t => t.Name == name)
            ?? throw TargetException.Of(TargetErrors.Unknown, $"There is no target of the name \"{Shown(name)}\".", $"Use one of: {built}.");
        return target.Built
            ? target
            : throw TargetException.Of(TargetErrors.NotBuilt, $"The target {target.Name} is not built yet.", $"Use one of: {built}.");
    }

    /// <summary>The image format to write: the one asked for if the target takes it, else the target's own.</summary>
    /// <exception cref="TargetException"><see cref="TargetErrors.FormatUnfit"/>.</exception>
    public static string SelectFormat(TargetPlatform target, string? format)
    {
        ArgumentNullException.ThrowIfNull(target);
        return format is null || target.Formats.Contains(format)
            ? format ?? target.Formats[0]
            : throw TargetException.Of(
                TargetErrors.FormatUnfit, $"The target {target.Name} takes no images of the format \"{Shown(format)}\".", $"Use one of: {string.Join(", ", target.Formats)}.");
    }

    private static string Shown(string text) => string.Concat(text.Take(40).Select(c => char.IsControl(c) ? '?' : c));
}
