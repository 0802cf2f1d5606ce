using Ferry.Contracts;
using Ferry.Contracts.Conversion;
using Ferry.Conversion.Output;
using Ferry.Conversion.Targets;
using Ferry.Hosting.Jobs;

namespace Ferry.Conversion.Preflight;

/// <summary>What can be known of target and output before any bytes are moved. Reads and writes nothing.</summary>
public sealed class CheckTargetHandler(TargetDefinitions targets, ConversionOutput outputs) : IJobHandler<CheckTarget>
{
    /// <inheritdoc/>
    public Task<object> RunAsync(JobContext<CheckTarget> job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        try
        {
            return Task.FromResult<object>(new TargetChecked
            {
                ConversionId = job.ConversionId, Attempt = job.Command.Attempt, Epoch = job.Epoch, Findings = Check(job.Command),
            });
        }
        catch (TargetException exception)
        {
            throw ConversionFailures.From(exception, job.Command.Output);
        }
    }

    private IReadOnlyList<Finding> Check(CheckTarget command)
    {
        var format = TargetSelector.SelectFormat(TargetSelector.Select(command.Target), command.Format);
        var findings = targets.Select(command.Target).Preflight(command.Machine, command.Generation);
        if (findings.FirstOrDefault(finding => finding.Severity == FindingSeverity.Error) is { } error)
        {
            throw new JobFailedException(new Failure { Code = error.Id, Message = error.Message, Remedy = error.Remedy }, findings: findings);
        }

        outputs.RefuseExisting(command.Output);
        var output = outputs.FolderOf(command.Output, command.ConversionId);
        OutputFolder.Check(output);
        OutputFolder.RefuseExisting(
            output,
            [.. command.Machine.Disks.Select(disk => MachineFileName.Image(command.Machine.Name, disk.Index, format)), .. targets.ReservedFileNames]);
        return findings;
    }
}
