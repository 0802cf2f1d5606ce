using Ferry.Contracts.Conversion;
using Ferry.Contracts.Conversions;
using Ferry.Conversion.Output;
using Ferry.Conversion.Targets;
using Ferry.Hosting.Jobs;

namespace Ferry.Conversion.Publishing;

/// <summary>
/// Writes the target's VM definition beside the images and moves everything from staging into the output folder: images first, what an operator
/// starts last. Can be repeated after a crash at any point: what has arrived stays, the rest follows. Each file is in the ledger before it is in the folder.
/// </summary>
public sealed class PublishMachineHandler(TargetDefinitions targets, ConversionOutput outputs, LibraryPublishing library) : IJobHandler<PublishMachine>
{
    /// <inheritdoc/>
    public async Task<object> RunAsync(JobContext<PublishMachine> job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        var command = job.Command;
        var output = outputs.FolderOf(command.Output, job.ConversionId);
        var staging = StagingFolder.PathOf(output, job.ConversionId);
        try
        {
            if (library.Published(job) is { } published)
            {
                return Done(job, published);
            }

            outputs.RefuseExisting(command.Output);
            var definition = targets.Select(command.Target).Create(command, outputs.NameOf(command.Output) is { } name ? outputs.Library.Of(name) : output);
            var files = PublishedFiles.Of(command, definition);
            await job.WaitOutFormerWorkersAsync(cancellationToken);
            job.CheckLease();
            PublishedFiles.StageDefinition(definition, staging, output);
            foreach (var file in files)
            {
                file.RefuseForeign(staging, output);
            }

            job.FaultPoint("publish.beforeRename");
            for (var i = 0; i < files.Count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await job.RecordResourceAsync(PublishedFile.Kind, Path.Combine(output, files[i].Name), cancellationToken);
                job.CheckLease();
                files[i].Move(staging, output);
                job.FaultPoint("publish.afterRename");
                job.Report(new DiskProgress { Step = "publish", BytesDone = i + 1, BytesTotal = files.Count, Activity = $"{files[i].Name} is in place" });
            }

            FolderSync.Sync(output);
            job.CheckLease();
            StagingFolder.Delete(staging, job.ConversionId);
            FolderSync.Sync(output);
            await job.ForgetResourceAsync(StagingFolder.Kind, staging, cancellationToken);
            IReadOnlyList<string> names = [.. files.Select(file => file.Name)];
            return Done(job, outputs.NameOf(command.Output) is null ? names : await library.PublishAsync(job, output, names, cancellationToken));
        }
        catch (Exception exception) when (ConversionFailures.Knows(exception))
        {
            throw ConversionFailures.From(exception, output);
        }
    }

    private static MachinePublished Done(JobContext<PublishMachine> job, IReadOnlyList<string> files) =>
        new() { ConversionId = job.ConversionId, Attempt = job.Command.Attempt, Epoch = job.Epoch, Files = files };
}
