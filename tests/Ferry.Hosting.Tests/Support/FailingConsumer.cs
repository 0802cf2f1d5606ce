using Ferry.Contracts.Capture;
using MassTransit;

namespace Ferry.Hosting.Tests.Support;

/// <summary>Cannot consume anything.</summary>
internal sealed class FailingConsumer : IConsumer<CaptureMachine>
{
    public Task Consume(ConsumeContext<CaptureMachine> context) => throw new InvalidOperationException("The password hunter2 is wrong.");
}
