using Ferry.Chunks.Manifests;
using Ferry.DiskImages.Ova;
using Ferry.DiskImages.Sources;

namespace Ferry.Conversion.Images;

/// <summary>Finds the files of an origin that this machine reads in place. The manifest's pins say whether they are still the ones that were captured.</summary>
internal static class OriginFiles
{
    /// <summary>The look-up for an origin, and the name to open in it.</summary>
    public static async ValueTask<(IImageFiles Files, string Name)> OpenAsync(ManifestOrigin origin, CancellationToken cancellationToken)
    {
        if (Directory.Exists(origin.Location))
        {
            // The image may be a link that the operator named himself.
            return (LocalImageFiles.ForImage(Path.Combine(origin.Location, origin.Image), out var name), name);
        }

        var file = LocalImageFiles.ForImage(origin.Location, out var fileName);
        return fileName == origin.Image
            ? (file, fileName)
            : (await OvaImageFiles.OpenArchiveAsync(await file.OpenAsync(fileName, cancellationToken), cancellationToken), origin.Image);
    }
}
