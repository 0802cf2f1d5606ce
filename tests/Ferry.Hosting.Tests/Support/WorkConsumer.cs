using Ferry.Contracts.Cleanup;
using Ferry.Hosting.Jobs;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Ferry.Hosting.Tests.Support;

internal sealed class WorkConsumer([FromKeyedServices(TestHost.Service)] IJobQueue jobs) : IConsumer<CleanUpConversion>
{
    public Task Consume(ConsumeContext<CleanUpConversion> context) =>
        jobs.SubmitAsync(new JobKey(context.Message.ConversionId, TestHost.Step, context.Message.Attempt), context.Message, context.CancellationToken);
}
