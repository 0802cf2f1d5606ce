namespace Ferry.Contracts.Conversion;

/// <summary>Command to conversion: write a manifest as a disk image into the output folder's staging place.</summary>
public sealed record ConvertDisk
{
    /// <summary>Id of the conversion.</summary>
    public required Guid ConversionId { get; init; }

    /// <summary>Attempt of the step, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>Index of the disk.</summary>
    public required int Disk { get; init; }

    /// <summary>Root id of the manifest to write.</summary>
    public required string Manifest { get; init; }

    /// <summary>Root id of the manifest that was captured or transferred, before any fix-up.</summary>
    public required string CapturedManifest { get; init; }

    /// <summary>Target platform, which may want a variant of the format (Azure: fixed VHD of whole MiB); null for the format's usual one.</summary>
    public string? Target { get; init; }

    /// <summary>Image format: <c>vhdx</c>, <c>vhd</c>, <c>vdi</c>, <c>qcow2</c> or <c>raw</c>.</summary>
    public required string Format { get; init; }

    /// <summary>Name of the machine; the image's file name is made from it.</summary>
    public required string MachineName { get; init; }

    /// <summary>Output folder of the conversion, or <c>library:NAME</c>.</summary>
    public required string Output { get; init; }
}
