using Ferry.Hosting.Tests.Support;
using RabbitMQ.Client;

namespace Ferry.Hosting.Tests.Bus;

/// <summary>On RabbitMQ and MongoDB.</summary>
[Collection(DistributedServices.Collection)]
public sealed class DistributedPoisonTests(DistributedServices services) : PoisonTests(new Transport(services))
{
    protected override async Task LiesInTheQueueAsync(string kind)
    {
        await using var connection = await new ConnectionFactory { Uri = services.RabbitMq.Uri }.CreateConnectionAsync(TestContext.Current.CancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: TestContext.Current.CancellationToken);
        await Eventually.GetAsync(() => channel.BasicGetAsync($"{Queue}_{kind}", autoAck: true), message => message is not null, $"the message is in the queue {kind}");
    }
}
