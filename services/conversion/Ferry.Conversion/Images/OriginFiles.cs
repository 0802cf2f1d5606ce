using Ferry.Chunks.Manifests;
using Ferry.DiskImages.Sources;

namespace Ferry.Conversion.Images;

/// <summary>Finds the files of an origin that this machine reads in place.</summary>
internal static class OriginFiles
{
    /// <summary>The look-up for an origin, and the name to open in it.</summary>
    public static (IImageFiles Files, string Name) Open(ManifestOrigin origin)
    {
        if (Directory.Exists(origin.Location))
        {
            // The image may be a link that the operator named himself; the pins say that it is still the same file.
            return (LocalImageFiles.ForImage(Path.Combine(origin.Location, origin.Image), out var name), name);
        }

        return (LocalImageFiles.ForImage(origin.Location, out var device), device);
    }
}
