using System.Text.Json.Serialization;
using Ferry.DiskImages;

namespace Ferry.Cli.Image;

/// <summary>What <c>ferry image info --json</c> prints: all that is known of the image, and the keys of qemu-img beside that.</summary>
/// <param name="filename">The image as it was named.</param>
/// <param name="info">What is known of it.</param>
/// <param name="onDisk">Bytes that its files take, or null.</param>
internal sealed class ImageInfoDocument(string filename, DiskImageInfo info, long? onDisk)
{
    public string Filename => filename;

    public DiskImageFormat Format => info.Format;

    public string? Variant => info.Variant;

    public long Capacity => info.Capacity;

    [JsonPropertyName("virtual-size")]
    public long VirtualSize => info.Capacity;

    [JsonPropertyName("actual-size")]
    public long? ActualSize => onDisk;

    public int LogicalSectorSize => info.LogicalSectorSize;

    public int PhysicalSectorSize => info.PhysicalSectorSize;

    public long? BlockSize => info.BlockSize > 0 ? info.BlockSize : null;

    [JsonPropertyName("cluster-size")]
    public long? ClusterSize => BlockSize;

    public Guid? DiskId => info.DiskId;

    public string? ContentId => info.ContentId;

    public IReadOnlyDictionary<string, string> Properties => info.Properties;

    public IReadOnlyList<string> Files => info.Files;

    [JsonPropertyName("backing-filename")]
    public string? BackingFilename => info.Parent?.Files[0];

    public ImageInfoDocument? Parent => info.Parent is null ? null : new ImageInfoDocument(info.Parent.Files[0], info.Parent, null);
}
