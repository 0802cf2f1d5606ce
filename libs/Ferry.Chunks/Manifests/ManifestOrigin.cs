using Ferry.DiskImages;
using Ferry.DiskImages.Sources;

namespace Ferry.Chunks.Manifests;

/// <summary>The image that holds the bytes of a manifest's <see cref="ChunkState.Origin"/> entries.</summary>
public sealed record ManifestOrigin
{
    /// <summary>Absolute path of the folder, of the OVA or of the block device, or the URL of the folder (ends with a slash).</summary>
    public required string Location { get; init; }

    /// <summary>Name of the image, or its descriptor, in <see cref="Location"/>.</summary>
    public required string Image { get; init; }

    /// <summary>The format that was found when the source was captured; never detected again.</summary>
    public required DiskImageFormat Format { get; init; }

    /// <summary>One pin for every file of the image.</summary>
    public required IReadOnlyList<SourcePin> Pins { get; init; }
}
