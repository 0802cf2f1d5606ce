using System.Text.Json;
using Ferry.Contracts.Capture;
using Ferry.Hosting.Outbox;
using Ferry.Hosting.Tests.Support;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Ferry.Hosting.Tests.Bus;

/// <summary>What the broker is asked for: queues that a quorum keeps, sends that are confirmed and must arrive, bounded deliveries.</summary>
[Collection(DistributedServices.Collection)]
public sealed class RabbitMqTopologyTests(DistributedServices services) : IDisposable
{
    private readonly Transport transport = new(services);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => transport.Dispose();

    [Theory]
    [InlineData("clean-up-conversion")]
    [InlineData("test-release-resources")]
    [InlineData("test-conversion-held")]
    [InlineData("test-conversioncleanedup")]
    public async Task Queue_IsAQuorumQueue(string queue)
    {
        await using var host = await TestHost.StartAsync(transport, new Script());

        // Declaring a queue again succeeds only with the arguments that it has.
        await DeclareAsync(queue, "quorum");
        var refused = await Assert.ThrowsAsync<OperationInterruptedException>(() => DeclareAsync(queue, "classic"));
        Assert.Equal(406, refused.ShutdownReason!.ReplyCode);
    }

    [Fact]
    public async Task EveryEndpoint_HasItsPrefetchAndConcurrency()
    {
        await using var host = await TestHost.StartAsync(transport, new Script());
        using var probe = JsonSerializer.SerializeToDocument(host.Services.GetRequiredService<IBusControl>().GetProbeResult(Stop), JsonSerializerOptions.Web);
        var endpoints = probe.RootElement.GetProperty("results").GetProperty("bus").GetProperty("host").GetProperty("receiveEndpoint").EnumerateArray()
            .Select(endpoint => endpoint.GetProperty("receiveTransport")).ToArray();
        var limits = endpoints
            .Where(endpoint => !endpoint.GetProperty("queueName").GetString()!.Contains("_bus_", StringComparison.Ordinal))
            .ToDictionary(endpoint => endpoint.GetProperty("queueName").GetString()!, endpoint =>
                (endpoint.GetProperty("prefetchCount").GetInt32(), endpoint.GetProperty("concurrentMessageLimit").GetInt32()));

        Assert.Equal((8, 4), limits["clean-up-conversion"]);
        Assert.Equal((8, 4), limits["test-release-resources"]);
        Assert.Equal((8, 4), limits["test-conversion-held"]);
        Assert.Equal((16, 8), limits["test-conversioncleanedup"]);
        Assert.Equal((16, 1), limits.Single(limit => limit.Key.StartsWith("jobs-nudged-", StringComparison.Ordinal)).Value);
        Assert.All(limits, limit => Assert.InRange(limit.Value.Item2, 1, limit.Value.Item1));
    }

    // The transport itself goes on trying for the half minute that a send may take.
    [Fact]
    [Trait("Tier", "all")]
    public async Task CommandToAQueueThatIsGone_FailsVisibly_StaysInTheOutbox_AndArrivesWhenItsConsumerIsThere()
    {
        var command = new CaptureMachine { ConversionId = Guid.NewGuid(), Attempt = 1, Source = "/vms/a.vmx" };
        var first = await StartWithCaptureAsync();
        await first.DisposeAsync();
        await DeleteAsync(QueueName.For(typeof(CaptureMachine)));

        await using var sender = await TestHost.StartAsync(transport, new Script(), builder => builder.AddOutbox<OutboxNote>(OutboxNote.Collection));
        var pending = PendingMessage.Command(command, TimeProvider.System.GetUtcNow());
        await Assert.ThrowsAsync<MessageReturnedException>(() => sender.Services.GetRequiredService<OutboxDispatcher>().SendAsync(pending, Stop));
        var outbox = sender.Services.GetRequiredService<IOutbox<OutboxNote>>();
        var note = new OutboxNote { Id = "1", Pending = [pending] };
        Assert.True(await outbox.Documents.TryInsertAsync(note, Stop));
        await outbox.DispatchAsync(note, Stop);
        Assert.True((await outbox.Documents.GetAsync("1", Stop))!.HasPending);

        await using var second = await StartWithCaptureAsync();

        var arrived = await second.Services.GetRequiredService<Recorder<CaptureMachine>>().FirstAsync(capture => capture == command);
        Assert.Equal(pending.MessageId, arrived.MessageId);
        await Eventually.GetAsync(async () => await outbox.Documents.GetAsync("1", Stop), left => !left!.HasPending, "the send is confirmed");
    }

    [Fact]
    [Trait("Tier", "all")]
    public async Task BrokerThatCrashes_ConfirmsNothing_AndTheMessageComesWhenItIsBack()
    {
        var conversion = Guid.NewGuid();
        var go = new TaskCompletionSource();
        await using var host = await TestHost.StartAsync(transport, new Script
        {
            Run = async (job, stop) =>
            {
                await go.Task.WaitAsync(stop);
                return Script.Done(job);
            },
        });
        await host.SubmitAsync(conversion);
        await services.RabbitMq.KillAsync();
        go.SetResult();
        var ended = await host.JobAsync(conversion, job => job is { State: Ferry.Hosting.Jobs.JobState.Succeeded, HasPending: true }, "the job has ended");
        await services.RabbitMq.StartAgainAsync(Stop);

        Assert.Equal(ended.Outcome!.MessageId, (await host.Done.FirstAsync(done => done.ConversionId == conversion)).MessageId);
        await host.JobAsync(conversion, job => !job.HasPending, "the send is confirmed");
    }

    private Task<TestHost> StartWithCaptureAsync() => TestHost.StartAsync(transport, new Script(), builder =>
    {
        builder.Services.AddSingleton<Recorder<CaptureMachine>>();
        builder.AddBusParticipant(bus => bus.AddConsumer<RecordingConsumer<CaptureMachine>>().Endpoint(endpoint => endpoint.Name = QueueName.For(typeof(CaptureMachine))));
    });

    private async Task DeclareAsync(string queue, string type)
    {
        await using var connection = await new ConnectionFactory { Uri = services.RabbitMq.Uri }.CreateConnectionAsync(Stop);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Stop);
        await channel.QueueDeclareAsync(
            queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = type }, cancellationToken: Stop);
    }

    private async Task DeleteAsync(string queue)
    {
        await using var connection = await new ConnectionFactory { Uri = services.RabbitMq.Uri }.CreateConnectionAsync(Stop);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Stop);
        await channel.QueueDeleteAsync(queue, ifUnused: false, ifEmpty: false, noWait: false, Stop);
    }
}
