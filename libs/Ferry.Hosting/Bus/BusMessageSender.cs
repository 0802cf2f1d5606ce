using System.Diagnostics;
using System.Text.Json;
using Ferry.Contracts.Jobs;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Outbox;
using Ferry.Hosting.Telemetry;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace Ferry.Hosting.Bus;

/// <summary>Sends pending messages with MassTransit.</summary>
internal sealed class BusMessageSender(IBusControl bus, TimeProvider time, ILogger<BusMessageSender> logger) : IMessageSender
{
    private static readonly TimeSpan HintTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(20);
    private volatile bool ready;

    /// <inheritdoc/>
    public async Task SendAsync(PendingMessage message, CancellationToken cancellationToken)
    {
        var type = ContractType(message.Type);
        var body = message.Body.Deserialize(type, DocumentJson.Options) ?? throw new JsonException($"Message {message.MessageId} has no body.");
        await WaitUntilReadyAsync(cancellationToken).ConfigureAwait(false);
        using var activity = StartActivity(message);
        if (message.Queue is null)
        {
            await bus.Publish(body, type, Pipe.Execute<PublishContext>(context => context.MessageId = message.MessageId), cancellationToken).ConfigureAwait(false);
            return;
        }

        // The exchange of the queue and not the queue: the sender must not declare it, as only its consumer knows its arguments.
        var endpoint = await bus.GetSendEndpoint(new Uri($"exchange:{message.Queue}")).ConfigureAwait(false);
        await endpoint.Send(body, type, Pipe.Execute<SendContext>(context => Prepare(context, message)), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task HintAsync<T>(T message, CancellationToken cancellationToken) where T : class
    {
        try
        {
            using var timeout = new CancellationTokenSource(HintTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            await bus.Publish(message, either.Token).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // A hint may be lost.
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.HintFailed(logger, exception, typeof(T).Name);
        }
    }

    // What is sent before the endpoints of this process are bound could miss them.
    private async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        if (!ready)
        {
            ready = await bus.WaitForHealthStatus(BusHealthStatus.Healthy, ReadyTimeout).WaitAsync(cancellationToken).ConfigureAwait(false) is BusHealthStatus.Healthy
                ? true
                : throw new TimeoutException("The bus is not connected.");
        }
    }

    // A command for a queue that does not exist yet must not vanish: the broker returns it, and it stays pending until its consumer has been there.
    private static void Prepare(SendContext context, PendingMessage message)
    {
        context.MessageId = message.MessageId;
        if (context.TryGetPayload<RabbitMqSendContext>(out var rabbitMq))
        {
            rabbitMq.Mandatory = true;
        }
    }

    // Stored text never names a type outside the contracts.
    private static Type ContractType(string name) => typeof(StepFailed).Assembly.GetType(name)
        ?? throw new InvalidOperationException($"{name} is no contract of this version.");

    // Sent right after the work, the message is in the work's trace anyway; sent by the sweeper, the stored context brings it back there.
    private static Activity? StartActivity(PendingMessage message) =>
        message.TraceParent is null || (Activity.Current is { } current && message.TraceParent.Contains(current.TraceId.ToHexString(), StringComparison.Ordinal))
            ? null
            : HostingTelemetry.Source.StartActivity("outbox send", ActivityKind.Internal, message.TraceParent);
}
