using Ferry.Contracts.Capture;
using Ferry.Contracts.Conversions;
using Ferry.Contracts.Jobs;
using Ferry.Hosting.Tests.Support;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Ferry.Hosting.Tests.Bus;

/// <summary>A message that cannot be consumed is told of, whatever the transport.</summary>
public abstract class PoisonTests(Transport transport) : IDisposable
{
    /// <summary>The queue of the failing consumer.</summary>
    protected const string Queue = "capture-machine-poison";

    public void Dispose()
    {
        transport.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task MessageThatCannotBeConsumed_IsToldOf_WithItsBody_AndWithoutTheTextOfTheError()
    {
        await using var host = await StartAsync();
        var command = new CaptureMachine { ConversionId = Guid.NewGuid(), Attempt = 3, Source = "/vms/a.vmx" };
        var id = Guid.NewGuid();

        await SendAsync(host, command, id);

        var told = await host.Services.GetRequiredService<Recorder<MessagePoisoned>>().FirstAsync(message => message.MessageId == id);
        var poisoned = told.Message;
        Assert.Equal((Queue, typeof(CaptureMachine).FullName, command.ConversionId, 3), (poisoned.Queue, poisoned.Type, poisoned.ConversionId, poisoned.Attempt));
        Assert.Contains("/vms/a.vmx", poisoned.Body, StringComparison.Ordinal);
        Assert.Equal(nameof(InvalidOperationException), poisoned.Reason);
        Assert.DoesNotContain("hunter2", poisoned.ToString(), StringComparison.Ordinal);
        await LiesInTheQueueAsync("error");
    }

    [Fact]
    public async Task LongMessage_IsToldOfWithoutItsBody()
    {
        await using var host = await StartAsync();
        var id = Guid.NewGuid();

        await SendAsync(host, new CaptureMachine { ConversionId = Guid.NewGuid(), Attempt = 1, Source = new string('x', 65 << 10) }, id);

        Assert.Null((await host.Services.GetRequiredService<Recorder<MessagePoisoned>>().FirstAsync(message => message.MessageId == id)).Message.Body);
    }

    [Fact]
    public async Task MessageThatNoConsumerOfItsQueueTakes_IsToldOf()
    {
        await using var host = await StartAsync();
        var id = Guid.NewGuid();

        await SendAsync(host, new ResumeConversion { ConversionId = Guid.NewGuid() }, id);

        var poisoned = (await host.Services.GetRequiredService<Recorder<MessagePoisoned>>().FirstAsync(message => message.MessageId == id)).Message;
        Assert.Equal((Queue, "unknown", "NoConsumer", null), (poisoned.Queue, poisoned.Type, poisoned.Reason, poisoned.Body));
        await LiesInTheQueueAsync("skipped");
    }

    /// <summary>Fails where the transport has a queue for what is put aside and the message is not in it.</summary>
    protected abstract Task LiesInTheQueueAsync(string kind);

    private static async Task SendAsync<T>(TestHost host, T command, Guid id) where T : class
    {
        var endpoint = await host.Bus.GetSendEndpoint(new Uri($"exchange:{Queue}"));
        await endpoint.Send(command, Pipe.Execute<SendContext>(context => context.MessageId = id), TestContext.Current.CancellationToken);
    }

    private Task<TestHost> StartAsync() => TestHost.StartAsync(transport, new Script(), builder =>
    {
        builder.Record<MessagePoisoned>();
        builder.AddBusParticipant(bus => bus.AddConsumer<FailingConsumer>().Endpoint(endpoint => endpoint.Name = Queue));
    });
}
