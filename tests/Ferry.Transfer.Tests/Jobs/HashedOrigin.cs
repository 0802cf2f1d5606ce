using Ferry.Chunks;
using Ferry.Chunks.Manifests;
using Ferry.DiskImages;
using Ferry.DiskImages.Sources;
using Microsoft.Extensions.DependencyInjection;

namespace Ferry.Transfer.Tests.Jobs;

/// <summary>A manifest whose chunks are at a URL and whose ids are known: what a delta, or an agent, announces.</summary>
internal static class HashedOrigin
{
    public static async Task<string> OfAsync(TransferHost host, string stored, string location)
    {
        var manifests = host.Services.GetRequiredService<ManifestStore>();
        var complete = await manifests.OpenAsync(ChunkId.Parse(stored));
        using var client = HttpImageFiles.CreateClient();
        await using var files = new HttpImageFiles(new Uri(location), client);
        await using var source = await files.OpenAsync("disk.raw");
        var origin = new ManifestOrigin { Location = location, Image = "disk.raw", Format = DiskImageFormat.Raw, Pins = [source.Pin] };
        using var writer = manifests.CreateWriter(complete.Header.Size, complete.Header.ChunkSize, 512, origin);
        for (var chunk = 0L; chunk < complete.Header.ChunkCount; chunk++)
        {
            await writer.AppendAsync(new ManifestEntry(ChunkState.OriginHashed, (await complete.GetAsync(chunk)).Id));
        }

        return (await writer.CompleteAsync()).ToString();
    }

    public static async Task ForgetChunksAsync(TransferHost host, string stored)
    {
        var manifests = host.Services.GetRequiredService<ManifestStore>();
        var complete = await manifests.OpenAsync(ChunkId.Parse(stored));
        for (var chunk = 0L; chunk < complete.Header.ChunkCount; chunk++)
        {
            await manifests.Chunks.DeleteAsync((await complete.GetAsync(chunk)).Id);
        }
    }
}
