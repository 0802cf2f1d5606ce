using Ferry.Contracts.Transfer;
using Ferry.Hosting.Jobs;
using MassTransit;

namespace Ferry.Transfer;

/// <summary>Makes a leased job of the command.</summary>
public sealed class TransferDiskConsumer([FromKeyedServices("transfer")] IJobQueue jobs) : IConsumer<TransferDisk>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<TransferDisk> context)
    {
        var command = context.Message;
        return jobs.SubmitAsync(new JobKey(command.ConversionId, "transfer", command.Attempt, command.Disk), command, context.CancellationToken);
    }
}
