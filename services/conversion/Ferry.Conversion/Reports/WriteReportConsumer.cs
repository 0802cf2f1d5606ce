using Ferry.Contracts.Conversion;
using Ferry.Hosting.Jobs;
using MassTransit;

namespace Ferry.Conversion.Reports;

/// <summary>Makes a leased job of the command.</summary>
public sealed class WriteReportConsumer([FromKeyedServices("conversion")] IJobQueue jobs) : IConsumer<WriteReport>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<WriteReport> context)
    {
        var command = context.Message;
        return jobs.SubmitAsync(new JobKey(command.ConversionId, "report", command.Attempt), command, context.CancellationToken);
    }
}
