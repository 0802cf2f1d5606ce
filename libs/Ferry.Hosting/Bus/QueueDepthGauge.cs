using System.Diagnostics.Metrics;
using Ferry.Hosting.Telemetry;
using MassTransit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;

namespace Ferry.Hosting.Bus;

/// <summary>
/// Asks RabbitMQ how many messages lie in the queues that this process consumes, and how many consumers they have, by a passive declaration over a connection of its own.
/// A process's own queues, which end with it, are left out; so are <c>_error</c> and <c>_skipped</c>, which are not there until something lies in them: see dead letters.
/// </summary>
internal sealed class QueueDepthGauge(IBusControl bus, IOptions<BusOptions> options, TimeProvider time, ILogger<QueueDepthGauge> logger)
    : RepeatedService(TimeSpan.FromSeconds(options.Value.QueueDepthSeconds), time)
{
    private const string Part = "";
    private IConnection? connection;

    /// <summary>Looks now.</summary>
    public async Task MeasureAsync(CancellationToken cancellationToken)
    {
        var queues = bus.CheckHealth().Endpoints.Values.Select(endpoint => endpoint.InputAddress).Where(IsKept).Select(Name).Distinct().ToList();
        if (queues.Count == 0)
        {
            return; // The bus has no endpoint yet.
        }

        var depths = new List<Measurement<long>>();
        var consumers = new List<Measurement<long>>();
        var channel = await ChannelAsync(cancellationToken).ConfigureAwait(false);
        await using (channel.ConfigureAwait(false))
        {
            foreach (var queue in queues)
            {
                var found = await channel.QueueDeclarePassiveAsync(queue, cancellationToken).ConfigureAwait(false);
                var tag = new KeyValuePair<string, object?>("messaging.destination.name", queue);
                depths.Add(new Measurement<long>(found.MessageCount, tag));
                consumers.Add(new Measurement<long>(found.ConsumerCount, tag));
            }
        }

        HostingTelemetry.QueueDepths.Set(Part, depths);
        HostingTelemetry.QueueConsumers.Set(Part, consumers);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        connection?.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override Task RoundAsync(bool first, CancellationToken stoppingToken) => MeasureAsync(stoppingToken);

    /// <inheritdoc/>
    protected override void RoundFailed(Exception exception)
    {
        // Old numbers would look as if all were well.
        Forget();
        connection?.Dispose();
        connection = null;
        Log.NotMeasured(logger, exception, "ferry.queue.messages");
    }

    /// <inheritdoc/>
    protected override async Task StoppingAsync()
    {
        Forget();
        if (connection is { IsOpen: true })
        {
            await connection.CloseAsync().ConfigureAwait(false);
        }
    }

    private static void Forget()
    {
        HostingTelemetry.QueueDepths.Clear(Part);
        HostingTelemetry.QueueConsumers.Clear(Part);
    }

    private static bool IsKept(Uri? address) =>
        address is not null && !address.Query.Contains("autodelete=true", StringComparison.Ordinal) && !address.Query.Contains("temporary=true", StringComparison.Ordinal);

    private static string Name(Uri address) => Uri.UnescapeDataString(address.Segments[^1].Trim('/'));

    private async Task<IChannel> ChannelAsync(CancellationToken cancellationToken)
    {
        if (connection is not { IsOpen: true })
        {
            connection?.Dispose();
            var (user, password) = options.Value.Credentials;
            var factory = new ConnectionFactory
            {
                Uri = new Uri(options.Value.Uri), UserName = user, Password = password, AutomaticRecoveryEnabled = false, ClientProvidedName = "ferry queue depths",
            };
            connection = await factory.CreateConnectionAsync(cancellationToken).ConfigureAwait(false);
        }

        return await connection.CreateChannelAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
    }
}
