using Ferry.Hosting.Bus;
using Ferry.Hosting.Tests.Support;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;

namespace Ferry.Hosting.Tests.Telemetry;

/// <summary>What is measured of queues, on a real broker.</summary>
[Collection(DistributedServices.Collection)]
public sealed class BrokerMetricsTests(DistributedServices services) : IDisposable
{
    private readonly Transport transport = new(services);
    private readonly MeterProbe meter = new("Ferry.Hosting");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        meter.Dispose();
        transport.Dispose();
    }

    [Fact]
    public async Task Queues_AreMeasured_AndNotThoseThatEndWithTheProcess()
    {
        await using var host = await TestHost.StartAsync(transport, new Script());
        using var gauge = new QueueDepthGauge(
            host.Services.GetRequiredService<IBusControl>(), host.Services.GetRequiredService<IOptions<BusOptions>>(), TimeProvider.System, NullLogger<QueueDepthGauge>.Instance);

        await gauge.MeasureAsync(Stop);
        await gauge.MeasureAsync(Stop);

        var seen = meter.Observe();
        Assert.True(seen.ContainsKey("ferry.queue.messages messaging.destination.name=clean-up-conversion"), string.Join('\n', seen.Keys));
        Assert.True(seen["ferry.queue.consumers messaging.destination.name=clean-up-conversion"] >= 1);
        Assert.DoesNotContain(seen.Keys, series => series.Contains("jobs-nudged", StringComparison.Ordinal) || series.Contains("_bus_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task MessageThatIsDeliveredAgain_IsCounted()
    {
        const string queue = "capture-machine-redelivered";
        await using (await StartAsync(queue))
        {
            // It makes the queue.
        }

        var factory = new ConnectionFactory { Uri = services.RabbitMq.Uri };
        await using (var connection = await factory.CreateConnectionAsync(Stop))
        {
            // Somebody takes the message and dies.
            var channel = await connection.CreateChannelAsync(cancellationToken: Stop);
            await channel.BasicPublishAsync("", queue, "{}"u8.ToArray(), Stop);
            await Eventually.GetAsync(() => channel.BasicGetAsync(queue, autoAck: false, Stop)!, taken => taken is not null, "the message is taken");
        }

        await using var host = await StartAsync(queue);

        await Eventually.IsAsync(() => meter.Sum($"ferry.messages.redelivered messaging.destination.name={queue}") >= 1, "it is delivered again");
    }

    private Task<TestHost> StartAsync(string queue) => TestHost.StartAsync(transport, new Script(), builder =>
        builder.AddBusParticipant(bus => bus.AddConsumer<FailingConsumer>().Endpoint(endpoint => endpoint.Name = queue)));
}
