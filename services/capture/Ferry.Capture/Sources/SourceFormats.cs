using Ferry.DiskImages;

namespace Ferry.Capture.Sources;

/// <summary>Names of the formats that a bare disk image may be said to have.</summary>
public static class SourceFormats
{
    /// <summary>The format of a name; null for null.</summary>
    /// <exception cref="SourceException"><see cref="SourceErrors.UnknownFormat"/>.</exception>
    public static DiskImageFormat? Parse(string? name) => name?.ToLowerInvariant() switch
    {
        null => null,
        "raw" => DiskImageFormat.Raw,
        "vmdk" => DiskImageFormat.Vmdk,
        "vhdx" => DiskImageFormat.Vhdx,
        "vhd" => DiskImageFormat.Vhd,
        "vdi" => DiskImageFormat.Vdi,
        "qcow2" => DiskImageFormat.Qcow2,
        _ => throw SourceException.Of(SourceErrors.UnknownFormat, $"Images of the format \"{SourceText.Quote(name)}\" cannot be read.", "", "Use raw, vmdk, vhdx, vhd, vdi or qcow2, or leave it out."),
    };

    /// <summary>The name of a format.</summary>
    public static string Name(DiskImageFormat format) => format switch
    {
        DiskImageFormat.Raw => "raw",
        DiskImageFormat.Vmdk => "vmdk",
        DiskImageFormat.Vdi => "vdi",
        DiskImageFormat.Qcow2 => "qcow2",
        DiskImageFormat.Vhd => "vhd",
        _ => "vhdx",
    };
}
