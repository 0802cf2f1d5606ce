using Ferry.Chunks.Disks;
using Ferry.Chunks;
using Ferry.Chunks.Manifests;
using Ferry.Chunks.Slices;
using Ferry.Chunks.Store;
using Ferry.Contracts;
using Ferry.Contracts.Conversion;
using Ferry.Contracts.Conversions;
using Ferry.Conversion.Output;
using Ferry.Conversion.Targets;
using Ferry.DiskImages;
using Ferry.Hosting.Jobs;
using Microsoft.Extensions.Options;

namespace Ferry.Conversion.Images;

/// <summary>
/// manifest -> disk image in the staging folder. Goes on behind the proven slices, then writes the image's full manifest, completes the image, reads it
/// back and compares it chunk by chunk. Nothing is claimed before that.
/// </summary>
public sealed class ConvertDiskHandler(
    ManifestStore manifests, TargetDefinitions targets, ConversionOutput outputs, IOptions<ConversionOptions> options, TimeProvider time) : IJobHandler<ConvertDisk>
{
    private readonly ConversionOptions options = options.Value;

    /// <inheritdoc/>
    public async Task<object> RunAsync(JobContext<ConvertDisk> job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        try
        {
            var work = await OpenAsync(job, cancellationToken);
            var (plan, dataBytes) = await ImagePlanner.PlanAsync(work, cancellationToken);
            var (proven, done) = await ProvenAsync(work, cancellationToken);
            await PrepareOutputAsync(work, dataBytes, done, cancellationToken);
            await using var origin = await OpenOriginAsync(work, cancellationToken);
            var image = await WriteAsync(work, plan, origin, proven, done, dataBytes, cancellationToken);
            return await ProveAsync(work, image, origin, cancellationToken);
        }
        catch (Exception exception) when (ConversionFailures.Knows(exception))
        {
            var failed = ConversionFailures.From(exception, job.Command.Output);
            ReportWaiting(job, failed.Failure);
            throw failed;
        }
    }

    private async ValueTask<DiskWork> OpenAsync(JobContext<ConvertDisk> job, CancellationToken cancellationToken)
    {
        var command = job.Command;
        var manifest = await manifests.OpenAsync(ChunkId.Parse(command.Manifest), cancellationToken);
        var captured = command.CapturedManifest == command.Manifest
            ? manifest
            : await manifests.OpenAsync(ChunkId.Parse(command.CapturedManifest), cancellationToken);
        var (left, right) = (manifest.Header, captured.Header);
        if (left.Size != right.Size || left.ChunkSize != right.ChunkSize
            || (left.Origin is not null && right.Origin is not null && !ManifestComparer.SameOrigin(left.Origin, right.Origin)))
        {
            throw ConversionFailures.Create(
                ConversionErrors.ManifestsDiffer, "The captured manifest and the manifest to write are not of the same disk.", command.Manifest, "Convert again.");
        }

        return new DiskWork(job, manifest, captured, command.Format switch
        {
            "vhdx" => DiskImageFormat.Vhdx,
            "vhd" => DiskImageFormat.Vhd,
            "vdi" => DiskImageFormat.Vdi,
            "qcow2" => DiskImageFormat.Qcow2,
            "raw" => DiskImageFormat.Raw,
            _ => throw TargetException.Of(TargetErrors.FormatUnfit, $"Images of the format '{command.Format}' cannot be written.", "Use vhdx, vhd, vdi, qcow2 or raw."),
        }, outputs.FolderOf(command.Output, job.ConversionId));
    }

    private static async ValueTask<(ProvenEntries Proven, ByteCounts Done)> ProvenAsync(DiskWork work, CancellationToken cancellationToken)
    {
        // Slices are proven of the file in the staging folder. When that is gone, they prove nothing.
        var slices = File.Exists(work.ImagePath) ? await work.Job.GetProvenSlicesAsync(cancellationToken) : [];
        var proven = new ProvenEntries(slices.Select(slice => (slice.First, slice.Count, (ReadOnlyMemory<byte>)slice.Entries)), work.Header.ChunkCount);
        return (proven, slices.Aggregate(new ByteCounts(), (sum, slice) => sum + slice.Bytes));
    }

    private async ValueTask PrepareOutputAsync(DiskWork work, long dataBytes, ByteCounts done, CancellationToken cancellationToken)
    {
        var output = work.Output;
        outputs.RefuseExisting(work.Command.Output);
        OutputFolder.Check(output);
        OutputFolder.RefuseExisting(output, [work.ImageName, .. targets.ReservedFileNames]);
        foreach (var folder in NewFolder.Missing(output))
        {
            await work.Job.RecordResourceAsync(NewFolder.Kind, folder, cancellationToken);
        }

        if (outputs.NameOf(work.Command.Output) is not null)
        {
            await work.Job.RecordResourceAsync(GrowingMachineReleaser.ResourceKind, output, cancellationToken);
        }

        await work.Job.RecordResourceAsync(StagingFolder.Kind, work.Staging, cancellationToken);
        OutputFolder.MakeStaging(output, work.Job.ConversionId);
        OutputFolder.RequireSpace(output, dataBytes, done.Written + done.Zero, options.ReserveBytes);
    }

    private static async ValueTask<OriginImage?> OpenOriginAsync(DiskWork work, CancellationToken cancellationToken)
    {
        var header = work.Header.Origin is not null ? work.Header : work.Captured.Header;
        return header.Origin is null ? null : await OriginImage.OpenAsync(header, cancellationToken);
    }

    private async ValueTask<(ManifestReader Manifest, ByteCounts Bytes)> WriteAsync(
        DiskWork work, DiskImagePlan plan, OriginImage? origin, ProvenEntries proven, ByteCounts done, long dataBytes, CancellationToken cancellationToken)
    {
        if (!await IsCompleteAsync(work, cancellationToken))
        {
            await using var writer = await OpenImageAsync(work, plan, cancellationToken);
            await new ImageFiller(work, manifests.Chunks, origin, writer, options, time).FillAsync(proven, done, dataBytes, cancellationToken);
            if (origin is not null)
            {
                await origin.VerifyUnchangedAsync(cancellationToken);
            }

            (proven, done) = await ProvenAsync(work, cancellationToken);
            var written = await WriteManifestAsync(work, proven, cancellationToken);
            work.Job.CheckLease();
            await writer.CompleteAsync(cancellationToken);
            return (written, done);
        }

        return (await WriteManifestAsync(work, proven, cancellationToken), done);
    }

    private static async ValueTask<IDiskImageWriter> OpenImageAsync(DiskWork work, DiskImagePlan plan, CancellationToken cancellationToken)
    {
        try
        {
            return await DiskImage.CreateOrContinueAsync(work.ImagePath, plan, cancellationToken);
        }
        catch (ArgumentException exception)
        {
            throw TargetException.Of(
                TargetErrors.FormatUnfit, $"The disk does not fit the format {work.Command.Format}: {exception.Message.Split(" (Parameter")[0]}", "Use another format.");
        }
    }

    /// <summary>Whether an earlier run had completed the image and was stopped behind that.</summary>
    private static async ValueTask<bool> IsCompleteAsync(DiskWork work, CancellationToken cancellationToken)
    {
        if (!File.Exists(work.ImagePath))
        {
            return false;
        }

        try
        {
            await using var files = new DiskImages.Sources.LocalImageFiles(work.Staging);
            await using var image = await DiskImage.OpenAsync(files, work.ImageName, work.Format, cancellationToken);
            return image.Capacity == work.ImageCapacity;
        }
        catch (DiskImageException exception) when (exception.Code is DiskImageErrors.Incomplete or DiskImageErrors.Truncated or DiskImageErrors.UnknownFormat)
        {
            return false;
        }
    }

    private async ValueTask<ManifestReader> WriteManifestAsync(DiskWork work, ProvenEntries proven, CancellationToken cancellationToken)
    {
        var header = work.Header;
        using var writer = manifests.CreateWriter(header.Size, header.ChunkSize, header.LogicalSectorSize, header.Origin);
        await foreach (var (_, entries) in EntryWindow.OverlaidAsync(work.Manifest, proven, cancellationToken))
        {
            for (var i = 0; i < entries.Length; i++)
            {
                await writer.AppendAsync(entries.Span[i], cancellationToken);
            }
        }

        return await manifests.OpenAsync(await writer.CompleteAsync(cancellationToken), cancellationToken);
    }

    private async ValueTask<DiskConverted> ProveAsync(
        DiskWork work, (ManifestReader Manifest, ByteCounts Bytes) image, OriginImage? origin, CancellationToken cancellationToken)
    {
        work.Job.FaultPoint("convert.verify");
        var verified = await VerifyAsync(work, image.Manifest, cancellationToken);
        var captured = new CapturedDisk(work, manifests.Chunks, origin);
        var (digest, changed) = await captured.CompareAsync(image.Manifest, cancellationToken);
        if (origin is not null)
        {
            await origin.VerifyUnchangedAsync(cancellationToken);
        }

        var bytes = image.Bytes with { Read = image.Bytes.Read + captured.BytesRead };
        return new DiskConverted
        {
            ConversionId = work.Job.ConversionId,
            Attempt = work.Command.Attempt,
            Epoch = work.Job.Epoch,
            Report = new DiskReport
            {
                Disk = work.Command.Disk,
                Capacity = work.Header.Size,
                ChunkSize = work.Header.ChunkSize,
                Image = work.ImageName,
                Format = work.Command.Format,
                ImageBytes = new FileInfo(work.ImagePath).Length,
                CapturedManifest = work.Command.CapturedManifest,
                CapturedDigest = digest,
                ImageManifest = image.Manifest.Root.ToString(),
                ImageDigest = await ManifestDigest.ComputeAsync(image.Manifest, cancellationToken),
                VerifiedChunks = verified,
                ChangedByFixup = changed,
                UnusedBytes = captured.UnusedBytes,
                Bytes = bytes,
            },
        };
    }

    private async ValueTask<long> VerifyAsync(DiskWork work, ManifestReader manifest, CancellationToken cancellationToken)
    {
        try
        {
            return await new ImageProof(work, manifest, options).VerifyAsync(cancellationToken);
        }
        catch (JobFailedException failed) when (failed.Failure.Code == ConversionErrors.VerifyMismatch)
        {
            // The file is worth nothing, and the slices that prove it neither: without the file they are not used again.
            File.Delete(work.ImagePath);
            throw;
        }
    }

    private void ReportWaiting(JobContext<ConvertDisk> job, Failure failure)
    {
        if (failure.Retryable && ConversionFailures.IsNoSpace(failure.Code))
        {
            job.Report(new DiskProgress
            {
                Step = "convert",
                Disk = job.Command.Disk,
                BytesDone = 0,
                BytesTotal = 0,
                WaitingFor = new WaitingFor { Reason = "space", Detail = failure.Remedy, Since = time.GetUtcNow() },
            });
        }
    }
}
