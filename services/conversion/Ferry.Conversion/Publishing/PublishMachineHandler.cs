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
public sealed class PublishMachineHandler(TargetDefinitions targets) : IJobHandler<PublishMachine>
{
    /// <inheritdoc/>
    public async Task<object> RunAsync(JobContext<PublishMachine> job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        var command = job.Command;
        var staging = StagingFolder.PathOf(command.Output, job.ConversionId);
        try
        {
            var definition = targets.Select(command.Target).Create(command);
            var files = PublishedFiles.Of(command, definition);
            await job.WaitOutFormerWorkersAsync(cancellationToken);
            job.CheckLease();
            PublishedFiles.StageDefinition(definition, staging, command.Output);
            foreach (var file in files)
            {
                file.RefuseForeign(staging, command.Output);
            }

            job.FaultPoint("publish.beforeRename");
            for (var i = 0; i < files.Count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await job.RecordResourceAsync(PublishedFile.Kind, Path.Combine(command.Output, files[i].Name), cancellationToken);
                job.CheckLease();
                files[i].Move(staging, command.Output);
                job.FaultPoint("publish.afterRename");
                job.Report(new DiskProgress { Step = "publish", BytesDone = i + 1, BytesTotal = files.Count, Activity = $"{files[i].Name} is in place" });
            }

            FolderSync.Sync(command.Output);
            job.CheckLease();
            StagingFolder.Delete(staging, job.ConversionId);
            FolderSync.Sync(command.Output);
            await job.ForgetResourceAsync(StagingFolder.Kind, staging, cancellationToken);
            return new MachinePublished
            {
                ConversionId = job.ConversionId,
                Attempt = command.Attempt,
                Epoch = job.Epoch,
                Files = [.. files.Select(file => file.Name)],
            };
        }
        catch (Exception exception) when (ConversionFailures.Knows(exception))
        {
            throw ConversionFailures.From(exception, command.Output);
        }
    }
}
