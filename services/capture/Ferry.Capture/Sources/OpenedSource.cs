using Ferry.Capture.Sources.Ovf;
using Ferry.Contracts;
using Ferry.Contracts.Machines;
using Ferry.DiskImages;
using Ferry.DiskImages.Sources;

namespace Ferry.Capture.Sources;

/// <summary>A source whose descriptor is read: the machine, and where its disks' files are.</summary>
public sealed class OpenedSource : IAsyncDisposable
{
    /// <summary>Kind of the source.</summary>
    public required SourceKind Kind { get; init; }

    /// <summary>The machine; a disk's image is its name in <see cref="Files"/>.</summary>
    public required MachineDescription Machine { get; init; }

    /// <summary>What the operator should know.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>The look-up of the disks' files.</summary>
    public required IImageFiles Files { get; init; }

    /// <summary>Where the files are, as a manifest's origin says it: folder, OVA, device, or URL of the folder.</summary>
    public required string Location { get; init; }

    /// <summary>Whether the files are remote.</summary>
    public required bool Remote { get; init; }

    /// <summary>The digests of an OVF package's .mf file, or null.</summary>
    public OvfDigests? Digests { get; init; }

    /// <summary>Opens a disk of the machine.</summary>
    /// <exception cref="DiskImageException">The image cannot be read.</exception>
    public ValueTask<IDiskImageReader> OpenDiskAsync(MachineDisk disk, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(disk);
        return DiskImage.OpenAsync(Files, disk.Image, SourceFormats.Parse(disk.Format), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Files.DisposeAsync();
}
