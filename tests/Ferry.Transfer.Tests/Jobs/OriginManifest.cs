using Ferry.Chunks.Manifests;
using Ferry.DiskImages;
using Ferry.DiskImages.Sources;
using Microsoft.Extensions.DependencyInjection;

namespace Ferry.Transfer.Tests.Jobs;

/// <summary>The manifest of a captured raw disk on a web server.</summary>
internal static class OriginManifest
{
    public static async Task<string> OfAsync(TransferHost host, string location)
    {
        using var client = HttpImageFiles.CreateClient();
        await using var files = new HttpImageFiles(new Uri(location), client);
        await using var reader = await DiskImage.OpenAsync(files, "disk.raw", DiskImageFormat.Raw);
        var origin = new ManifestOrigin { Location = location, Image = "disk.raw", Format = DiskImageFormat.Raw, Pins = [.. reader.Pins] };
        return (await ImageManifest.CaptureAsync(reader, origin, host.Services.GetRequiredService<ManifestStore>())).ToString();
    }
}
