using Ferry.Contracts.Machines;
using Ferry.DiskImages;
using Ferry.DiskImages.Sources;

namespace Ferry.Capture.Sources;

/// <summary>A bare disk image or block device: a machine with one disk and modest defaults.</summary>
internal static class ImageSource
{
    private const int DefaultProcessors = 2;
    private const int DefaultMemoryMiB = 2048;

    /// <summary>Opens the image to see what it is.</summary>
    /// <param name="place">Where it is.</param>
    /// <param name="files">The look-up.</param>
    /// <param name="format">The format that the request says, or null to find it by content.</param>
    /// <param name="head">The start of its content, to explain what it may be.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    public static async Task<OpenedSource> OpenAsync(SourcePlace place, IImageFiles files, DiskImageFormat? format, ReadOnlyMemory<byte> head, CancellationToken cancellationToken)
    {
        await using var disk = await OpenImageAsync(place, files, format, head, cancellationToken);
        var firmware = await DiskFirmware.DetectAsync(disk, cancellationToken);
        var findings = new SourceFindings();
        findings.Warn(
            "MACHINE_ASSUMED",
            $"A disk image says nothing of its machine: {DefaultProcessors} processors, {DefaultMemoryMiB} MiB, one network adapter, and {firmware} by its partition table are used.",
            "Set processors and memory at the target.");
        return new OpenedSource
        {
            Kind = SourceKind.Image,
            Machine = new MachineDescription
            {
                Name = SourceText.Name(SourceText.BaseName(place.Name), "machine"),
                Processors = DefaultProcessors,
                MemoryMiB = DefaultMemoryMiB,
                Firmware = firmware,
                Disks =
                [
                    new MachineDisk
                    {
                        Index = 0,
                        Bus = "scsi",
                        Controller = 0,
                        Unit = 0,
                        Image = place.Name,
                        Format = SourceFormats.Name(disk.Info.Format),
                        Capacity = disk.Capacity,
                    },
                ],
                Nics = [new MachineNic { Index = 0 }],
            },
            Findings = findings.All,
            Files = files,
            Location = place.Location,
            Remote = place.Remote,
        };
    }

    private static async ValueTask<IDiskImageReader> OpenImageAsync(
        SourcePlace place, IImageFiles files, DiskImageFormat? format, ReadOnlyMemory<byte> head, CancellationToken cancellationToken)
    {
        try
        {
            return await DiskImage.OpenAsync(files, place.Name, format, cancellationToken);
        }
        catch (DiskImageException e) when (e.Code == DiskImageErrors.UnknownFormat && format is null)
        {
            var (what, remedy) = SourceDetector.Explain(head.Span);
            throw SourceException.Of(SourceErrors.NotAMachine, what, SourceText.Quote(place.Name), remedy, e);
        }
    }
}
