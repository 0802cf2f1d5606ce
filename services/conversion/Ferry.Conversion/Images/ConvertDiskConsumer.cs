using Ferry.Contracts.Conversion;
using Ferry.Hosting.Jobs;
using MassTransit;

namespace Ferry.Conversion.Images;

/// <summary>Makes a leased job of the command.</summary>
public sealed class ConvertDiskConsumer([FromKeyedServices("conversion")] IJobQueue jobs) : IConsumer<ConvertDisk>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<ConvertDisk> context)
    {
        var command = context.Message;
        return jobs.SubmitAsync(new JobKey(command.ConversionId, "convert", command.Attempt, command.Disk), command, context.CancellationToken);
    }
}
