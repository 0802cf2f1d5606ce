using System.Security.Cryptography;
using System.Text;
using Ferry.Chunks.Manifests;
using Ferry.Contracts.Conversion;
using Ferry.Contracts.Conversions;
using Ferry.Conversion.Output;
using Ferry.Conversion.Reports;
using Ferry.Hosting.Jobs;
using Ferry.Hosting.Library;

namespace Ferry.Conversion.Publishing;

/// <summary>Completes a converted machine in its hidden folder of the library (report, checksums of every file) and lets it appear by one rename. May be repeated.</summary>
public sealed class LibraryPublishing(ConversionOutput outputs, ManifestStore manifests, TimeProvider time)
{
    private const int BufferBytes = 1 << 20;

    /// <summary>The names of a machine's files when an earlier run has let it appear, or null.</summary>
    public IReadOnlyList<string>? Published(JobContext<PublishMachine> job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return outputs.NameOf(job.Command.Output) is { } name && outputs.Library.TryReadId(name) == job.ConversionId
            ? [.. outputs.Library.TryRead(name)!.Files.Select(file => file.Name)]
            : null;
    }

    /// <summary>Lets the machine appear.</summary>
    /// <param name="job">The job.</param>
    /// <param name="folder">The folder in which it has grown; image and definition are in it.</param>
    /// <param name="files">Their names, the images first.</param>
    /// <param name="cancellationToken">Stops between two reads.</param>
    /// <returns>The names of all files.</returns>
    public async Task<IReadOnlyList<string>> PublishAsync(JobContext<PublishMachine> job, string folder, IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        var command = job.Command;
        var name = outputs.NameOf(command.Output)!;
        if (command.Report is { } report)
        {
            var screen = await RehearsalScreen.ReadAsync(report.Rehearsal, manifests, cancellationToken);
            if (screen is not null)
            {
                FolderSync.WriteDurably(Path.Combine(folder, RehearsalScreen.FileName), screen);
                files = [.. files, RehearsalScreen.FileName];
            }

            FolderSync.WriteDurably(Path.Combine(folder, WriteReportHandler.JsonName), WriteReportHandler.ToJson(report));
            FolderSync.WriteDurably(Path.Combine(folder, WriteReportHandler.HtmlName), Encoding.UTF8.GetBytes(HtmlReport.Render(report, screen)));
            files = [.. files, WriteReportHandler.JsonName, WriteReportHandler.HtmlName];
        }

        var entries = new List<LibraryRecordFile>();
        foreach (var file in files)
        {
            job.Report(new DiskProgress { Step = "publish", BytesDone = entries.Count, BytesTotal = files.Count, Activity = $"the checksum of {file} is computed" });
            entries.Add(await DescribeAsync(folder, file, cancellationToken));
        }

        var record = new LibraryRecord
        {
            Name = name,
            Id = job.ConversionId,
            Kind = LibraryRecord.ConvertedKind,
            Source = command.Report?.Request.Source is { } source ? Show(source) : "",
            Descriptor = command.Disks is [var only] ? only.Image : null,
            Format = command.Disks is [{ Format: "raw" }] ? "raw" : null,
            AddedAt = time.GetUtcNow(),
            Files = entries,
        };
        job.CheckLease();
        FolderSync.WriteDurably(Path.Combine(folder, LibraryRecord.FileName), record.ToBytes());
        FolderSync.Sync(folder);
        await job.RecordResourceAsync(LibraryMachineReleaser.ResourceKind, outputs.Library.Of(name), cancellationToken);
        job.FaultPoint("publish.library.beforeRename");
        job.CheckLease();
        if (!outputs.Library.TryPublish(folder, name))
        {
            throw ConversionOutput.Exists(command.Output);
        }

        FolderSync.Sync(outputs.Library.Folder!);
        job.FaultPoint("publish.library.afterRename");
        await job.ForgetResourceAsync(GrowingMachineReleaser.ResourceKind, folder, cancellationToken);
        return files;
    }

    private static async Task<LibraryRecordFile> DescribeAsync(string folder, string name, CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(
            Path.Combine(folder, name), FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, FileOptions.SequentialScan | FileOptions.Asynchronous);
        var hash = await SHA256.HashDataAsync(stream, cancellationToken);
        return new LibraryRecordFile { Name = name, Size = stream.Length, Sha256 = Convert.ToHexStringLower(hash) };
    }

    private static string Show(string source) =>
        Uri.TryCreate(source, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url!.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)
            : source;
}
