using Ferry.Capture.Sources;
using Ferry.Capture.Sources.Ovf;
using Ferry.Chunks;
using Ferry.Chunks.Manifests;
using Ferry.Contracts;
using Ferry.Contracts.Conversions;
using Ferry.Contracts.Machines;
using Ferry.DiskImages;
using Ferry.DiskImages.FileSystems;
using Microsoft.Extensions.Options;

namespace Ferry.Capture;

/// <summary>
/// Captures a source: the machine, and one manifest per disk whose entries are at the origin. Only metadata is read, of the images and of the file systems in
/// them (and, for an OVF package with an .mf file, each disk once to compare its digest), so that doing it again is cheap and gives the same manifests.
/// </summary>
public sealed class SourceCapturer(SourceSelector sources, ManifestStore manifests, IOptions<CaptureOptions> options)
{
    private const string Step = "capture";

    /// <summary>Captures a source.</summary>
    /// <param name="source">Path or URL.</param>
    /// <param name="format">Format of a bare disk image, or null.</param>
    /// <param name="allBlocks">Whether blocks count that no file system uses, whatever the options say.</param>
    /// <param name="report">Is told how far it is.</param>
    /// <param name="cancellationToken">Stops the capture.</param>
    /// <exception cref="SourceException">The source cannot be captured.</exception>
    public async Task<CapturedSource> CaptureAsync(string source, string? format, bool allBlocks, Action<DiskProgress> report, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);
        await using var opened = await sources.OpenAsync(source, format, cancellationToken);
        var findings = new List<Finding>(opened.Findings);
        var bytes = new ByteCounts();
        foreach (var disk in opened.Machine.Disks)
        {
            bytes += await SourceFailures.WrapAsync(disk, () => VerifyDigestAsync(opened, disk, findings, report, cancellationToken));
        }

        // All disks together: a volume group may span them.
        await using var images = await OpenedDisks.OpenAsync(opened, cancellationToken);
        IReadOnlyList<UsedBlockMap> maps = [];
        if (options.Value.UsedBlocksOnly && !allBlocks)
        {
            maps = await UsedBlocks.ReadAsync(opened.Machine.Disks, images.Readers, ManifestHeader.DefaultChunkSize, cancellationToken);
            findings.AddRange(UsedBlocks.Findings(opened.Machine.Disks, maps));
        }

        var machineDisks = new List<MachineDisk>();
        var captures = new List<DiskCapture>();
        foreach (var (disk, i) in opened.Machine.Disks.Select((disk, i) => (disk, i)))
        {
            var (capture, described) = await SourceFailures.WrapAsync(
                disk, () => CaptureDiskAsync(opened, disk, images.Readers[i], i < maps.Count ? maps[i].Unused : [], findings, report, cancellationToken));
            captures.Add(capture);
            machineDisks.Add(described);
            bytes += new ByteCounts { Zero = capture.Capacity - capture.DataBytes - capture.UnusedBytes, Unused = capture.UnusedBytes };
        }

        return new CapturedSource(opened.Machine with { Disks = machineDisks }, captures, findings, bytes);
    }

    private async Task<ByteCounts> VerifyDigestAsync(
        OpenedSource opened, MachineDisk disk, List<Finding> findings, Action<DiskProgress> report, CancellationToken cancellationToken)
    {
        if (opened.Digests?[disk.Image] is null)
        {
            return new ByteCounts();
        }

        var check = options.Value.VerifyOvfDigests;
        if (check == OvfDigestCheck.Never || (check == OvfDigestCheck.Local && opened.Remote))
        {
            findings.Add(new Finding
            {
                Id = "OVF_DIGEST_NOT_CHECKED",
                Severity = FindingSeverity.Information,
                Message = $"The disk {disk.Image} was not compared with its digest in the .mf file.",
                Remedy = $"Set {CaptureOptions.SectionName}:{nameof(CaptureOptions.VerifyOvfDigests)} to {nameof(OvfDigestCheck.Always)} to have it read once more and compared.",
            });
            return new ByteCounts();
        }

        await using var file = await opened.Files.OpenAsync(disk.Image, cancellationToken);
        await opened.Digests.VerifyAsync(
            file,
            disk.Image,
            done => report(new DiskProgress { Step = Step, Disk = disk.Index, BytesDone = done, BytesTotal = file.Length, Activity = "Comparing with the digest in the .mf file" }),
            cancellationToken);
        return new ByteCounts { Read = file.Length };
    }

    private async Task<(DiskCapture Capture, MachineDisk Disk)> CaptureDiskAsync(
        OpenedSource opened, MachineDisk disk, IDiskImageReader image, IReadOnlyList<DiskRange> unused, List<Finding> findings, Action<DiskProgress> report,
        CancellationToken cancellationToken)
    {
        if (disk.Capacity > 0 && disk.Capacity != image.Capacity)
        {
            findings.Add(new Finding
            {
                Id = "DISK_CAPACITY_DIFFERS",
                Severity = FindingSeverity.Warning,
                Message = $"The descriptor says that the disk {disk.Image} has {disk.Capacity} bytes; its image has {image.Capacity}, which is used.",
                Remedy = "Check that the image belongs to this machine.",
            });
        }

        if (SnapshotChain.Find(disk, image.Info) is { } snapshots)
        {
            findings.Add(snapshots);
        }

        var origin = new ManifestOrigin { Location = opened.Location, Image = disk.Image, Format = image.Info.Format, Pins = image.Pins };
        var root = await ImageManifest.CaptureAsync(image, origin, manifests, unused, ManifestHeader.DefaultChunkSize, cancellationToken);
        await image.VerifyUnchangedAsync(cancellationToken);
        var (data, left) = await CountAsync(root, cancellationToken);
        report(new DiskProgress { Step = Step, Disk = disk.Index, BytesDone = image.Capacity, BytesTotal = image.Capacity, Activity = "Described by a manifest" });
        var capture = new DiskCapture { Disk = disk.Index, Manifest = root.ToString(), Capacity = image.Capacity, DataBytes = data, UnusedBytes = left, Remote = opened.Remote };
        return (capture, disk with { Capacity = image.Capacity, Format = SourceFormats.Name(image.Info.Format) });
    }

    private async Task<(long Data, long Unused)> CountAsync(ChunkId root, CancellationToken cancellationToken)
    {
        var manifest = await manifests.OpenAsync(root, cancellationToken);
        var (data, unused) = (0L, 0L);
        await foreach (var run in manifest.ReadRunsAsync(cancellationToken))
        {
            var bytes = Math.Min(manifest.Header.Size, run.End * manifest.Header.ChunkSize) - (run.First * manifest.Header.ChunkSize);
            data += run.Entry.State == ChunkState.Origin ? bytes : 0;
            unused += run.Entry.State == ChunkState.Unused ? bytes : 0;
        }

        return (data, unused);
    }
}
