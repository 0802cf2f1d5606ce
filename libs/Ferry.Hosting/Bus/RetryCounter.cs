using Ferry.Hosting.Telemetry;
using MassTransit;

namespace Ferry.Hosting.Bus;

/// <summary>Counts how often an endpoint tries messages again within their delivery, for <c>ferry.messages.retries</c>.</summary>
internal sealed class RetryCounter(string queue) : IRetryObserver
{
    /// <summary>Counts the retries of an endpoint.</summary>
    public static void Connect(IRetryConfigurator retry, IReceiveEndpointConfigurator endpoint) =>
        retry.ConnectRetryObserver(new RetryCounter(PoisonObserver.ClosedName(endpoint.InputAddress.Segments[^1].Trim('/'))));

    /// <inheritdoc/>
    public Task PostCreate<T>(RetryPolicyContext<T> context) where T : class, PipeContext => Task.CompletedTask;

    /// <inheritdoc/>
    public Task PostFault<T>(RetryContext<T> context) where T : class, PipeContext => Task.CompletedTask;

    /// <inheritdoc/>
    public Task PreRetry<T>(RetryContext<T> context) where T : class, PipeContext
    {
        HostingTelemetry.CountRetry(queue);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task RetryFault<T>(RetryContext<T> context) where T : class, PipeContext => Task.CompletedTask;

    /// <inheritdoc/>
    public Task RetryComplete<T>(RetryContext<T> context) where T : class, PipeContext => Task.CompletedTask;
}
