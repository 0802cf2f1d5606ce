using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Ferry.EndToEnd.Tests.Distributed.Faults;

/// <summary>Asks the broker, not through the proxy, how many messages lie in the queues.</summary>
internal static class QueueDepths
{
    private static readonly string[] Kinds = ["", "_error", "_skipped"];

    /// <summary>What lies in the queues, and in the queues of what they could not handle, ready to be delivered.</summary>
    public static async Task<IEnumerable<string>> LeftAsync(Uri broker, IReadOnlyList<string> queues)
    {
        var left = new List<string>();
        await using var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync(TestContext.Current.CancellationToken);
        var channel = await connection.CreateChannelAsync();
        foreach (var name in queues.SelectMany(queue => Kinds.Select(kind => queue + kind)))
        {
            try
            {
                var found = await channel.QueueDeclarePassiveAsync(name);
                if (found.MessageCount > 0)
                {
                    left.Add($"{found.MessageCount} messages in {name}");
                }
            }
            catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == 404)
            {
                // It was never needed. The broker has closed the channel.
                await channel.DisposeAsync();
                channel = await connection.CreateChannelAsync();
            }
        }

        await channel.DisposeAsync();
        return left;
    }
}
