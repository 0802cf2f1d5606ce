using Ferry.Chunks.Disks;
using Ferry.Chunks.Manifests;
using Ferry.DiskImages;
using Ferry.DiskImages.Sources;

namespace Ferry.Fixup.Tests.Job;

/// <summary>A raw image as the origin of a manifest.</summary>
internal sealed class RawOrigin(string path) : IOriginOpener
{
    private const int ChunkSize = 1 << 20;

    public async ValueTask<IDiskImageReader> OpenAsync(ManifestOrigin origin, CancellationToken cancellationToken = default) =>
        await DiskImage.OpenAsync(LocalImageFiles.ForImage(path, out var name), name, DiskImageFormat.Raw, cancellationToken);

    public async Task<string> ManifestAsync(ManifestStore store, CancellationToken cancellationToken)
    {
        var file = new FileInfo(path);
        var origin = new ManifestOrigin
        {
            Location = file.DirectoryName!,
            Image = file.Name,
            Format = DiskImageFormat.Raw,
            Pins = [new SourcePin { Name = file.Name, Length = file.Length }],
        };
        using var writer = store.CreateWriter(file.Length, ChunkSize, 512, origin);
        await writer.AppendRunAsync(new ManifestEntry(ChunkState.Origin), writer.ChunkCount, cancellationToken);
        return (await writer.CompleteAsync(cancellationToken)).ToString();
    }
}
