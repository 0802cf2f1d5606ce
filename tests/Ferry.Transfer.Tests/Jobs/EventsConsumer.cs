using System.Collections.Concurrent;
using Ferry.Contracts.Jobs;
using Ferry.Contracts.Transfer;
using MassTransit;

namespace Ferry.Transfer.Tests.Jobs;

/// <summary>Everything that the service publishes.</summary>
public sealed class EventsConsumer(EventsConsumer.Log log)
    : IConsumer<TransferJobChanged>, IConsumer<DiskTransferred>, IConsumer<StepFailed>, IConsumer<StepProgressed>
{
    public Task Consume(ConsumeContext<TransferJobChanged> context) => Add(context.Message);

    public Task Consume(ConsumeContext<DiskTransferred> context) => Add(context.Message);

    public Task Consume(ConsumeContext<StepFailed> context) => Add(context.Message);

    public Task Consume(ConsumeContext<StepProgressed> context) => Add(context.Message);

    private Task Add(object message)
    {
        log.Messages.Enqueue(message);
        return Task.CompletedTask;
    }

    public sealed class Log
    {
        public ConcurrentQueue<object> Messages { get; } = new();
    }
}
