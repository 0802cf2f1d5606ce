using Ferry.Hives;

namespace Ferry.Fixup.Guests.Windows;

/// <summary>Where a service says that its file is.</summary>
internal static class DriverFiles
{
    private static readonly string[] RootPrefixes = ["\\SystemRoot\\", "%SystemRoot%\\", "%windir%\\", "\\??\\%SystemRoot%\\"];
    private const string DosPrefix = "\\??\\";

    /// <summary>Path of a driver's file with / between names, from the root of the volume; null when it is not below the volume's root or is no path.</summary>
    /// <param name="service">The service's key.</param>
    /// <param name="systemRoot">The Windows folder.</param>
    public static string? PathOf(HiveKey service, string systemRoot)
    {
        var image = service.Value("ImagePath") is { Type: HiveValueType.Sz or HiveValueType.ExpandSz } value ? value.GetString().Trim().Trim('"') : "";
        if (image.Length == 0)
        {
            return $"{systemRoot}/System32/drivers/{service.Name}.sys";
        }

        if (RootPrefixes.FirstOrDefault(p => image.StartsWith(p, StringComparison.OrdinalIgnoreCase)) is { } prefix)
        {
            return Join(systemRoot, image[prefix.Length..]);
        }

        image = image.StartsWith(DosPrefix, StringComparison.Ordinal) ? image[DosPrefix.Length..] : image;
        var isDrive = image.Length > 3 && image[1] == ':' && image[2] == '\\';
        return isDrive ? (char.ToUpperInvariant(image[0]) == 'C' ? Join("", image[3..]) : null) : Join(systemRoot, image.TrimStart('\\'));
    }

    private static string Join(string folder, string path) => $"{folder}/{path.Replace('\\', '/')}";
}
