using Ferry.Chunks.Manifests;
using Ferry.Contracts.Conversion;
using Ferry.Conversion.Output;
using Ferry.Conversion.Targets;
using Ferry.Conversion.Targets.Azure;
using Ferry.DiskImages;
using Ferry.Hosting.Jobs;

namespace Ferry.Conversion.Images;

/// <summary>All that the parts of one disk's conversion share.</summary>
/// <param name="Job">The job.</param>
/// <param name="Manifest">The manifest to write.</param>
/// <param name="Captured">The manifest before any fix-up.</param>
/// <param name="Format">The image's format.</param>
/// <param name="Output">The folder in which the files appear.</param>
public sealed record DiskWork(JobContext<ConvertDisk> Job, ManifestReader Manifest, ManifestReader Captured, DiskImageFormat Format, string Output)
{
    /// <summary>The command.</summary>
    public ConvertDisk Command => Job.Command;

    /// <summary>The manifest's header.</summary>
    public ManifestHeader Header => Manifest.Header;

    /// <summary>The variant of the format that the target needs.</summary>
    public DiskImageVariant Variant => Command.Target is { } target ? TargetSelector.Select(target).Variant : DiskImageVariant.Default;

    /// <summary>Size of the image's disk in bytes: the captured disk's, which Azure's variant rounds up to whole MiB with zeros at the end.</summary>
    public long ImageCapacity => Variant == DiskImageVariant.Azure ? AzureDisk.Padded(Header.Size) : Header.Size;

    /// <summary>File name of the image.</summary>
    public string ImageName => MachineFileName.Image(Command.MachineName, Command.Disk, Command.Format);

    /// <summary>The staging folder.</summary>
    public string Staging => StagingFolder.PathOf(Output, Job.ConversionId);

    /// <summary>Path of the image in the staging folder.</summary>
    public string ImagePath => Path.Combine(Staging, ImageName);
}
