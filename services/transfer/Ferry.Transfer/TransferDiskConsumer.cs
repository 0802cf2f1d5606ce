using Ferry.Contracts.Transfer;
using Ferry.Transfer.Jobs;
using MassTransit;

namespace Ferry.Transfer;

/// <summary>Makes a transfer job of the command.</summary>
public sealed class TransferDiskConsumer(TransferJobs jobs) : IConsumer<TransferDisk>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<TransferDisk> context) => jobs.ExecuteAsync(context.Message, context.CancellationToken);
}
