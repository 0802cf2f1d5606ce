using System.Collections.Concurrent;
using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Ferry.EndToEnd.Tests.Distributed.Faults;

/// <summary>
/// Stands in the broker between the exchange and the queue of every endpoint, and delivers messages of some types several times, late or in another order. Everything else goes
/// through at once. What it delivers has the id, headers and body that it came with.
/// </summary>
internal sealed class MessageTap : IAsyncDisposable
{
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(2);

    private readonly ConcurrentQueue<Task> later = new();
    private readonly SemaphoreSlim one = new(1);
    private readonly List<(string Queue, BasicProperties Properties, byte[] Body)> held = [];
    private readonly IConnection connection;
    private readonly IChannel channel;
    private readonly IReadOnlyList<string> queues;
    private readonly Func<string, bool> isOfTheStep;
    private readonly bool reorder;
    private int generation;

    private MessageTap(IConnection connection, IChannel channel, IReadOnlyList<string> queues, Func<string, bool> isOfTheStep, bool reorder)
    {
        this.connection = connection;
        this.channel = channel;
        this.queues = queues;
        this.isOfTheStep = isOfTheStep;
        this.reorder = reorder;
    }

    /// <summary>Messages that were delivered more than once.</summary>
    public int Repeated { get; private set; }

    /// <summary>Takes the place of the bindings of some queues.</summary>
    /// <param name="broker">Address of the broker.</param>
    /// <param name="queues">The queues, which are named like the exchanges before them.</param>
    /// <param name="types">Names of the message types that are tampered with.</param>
    /// <param name="reorder">Whether they are delivered in reverse order, and not at once.</param>
    public static async Task<MessageTap> StartAsync(Uri broker, IReadOnlyList<string> queues, IReadOnlyCollection<string> types, bool reorder)
    {
        var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync();
        var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        var tap = new MessageTap(connection, channel, queues, types.Contains, reorder);
        foreach (var queue in queues)
        {
            var mine = (await channel.QueueDeclareAsync()).QueueName;
            var consumer = new AsyncEventingBasicConsumer(channel);
            consumer.ReceivedAsync += (_, message) => tap.TakeAsync(queue, message);
            await channel.BasicConsumeAsync(mine, autoAck: true, consumer);
            await channel.QueueBindAsync(mine, queue, "");
            await channel.QueueUnbindAsync(queue, queue, "");
        }

        return tap;
    }

    /// <summary>Lets the messages take their usual way again, once everything that was held back has been delivered.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var queue in queues)
        {
            await channel.QueueBindAsync(queue, queue, "");
        }

        while (later.TryDequeue(out var task))
        {
            await task;
        }

        await channel.DisposeAsync();
        await connection.DisposeAsync();
        one.Dispose();
    }

    private static string TypeOf(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        using var envelope = JsonDocument.ParseValue(ref reader);
        return envelope.RootElement.GetProperty("messageType")[0].GetString()!.Split(':')[^1];
    }

    private async Task TakeAsync(string queue, BasicDeliverEventArgs message)
    {
        var copy = (queue, new BasicProperties(message.BasicProperties), message.Body.ToArray());
        if (!isOfTheStep(TypeOf(copy.Item3)))
        {
            await DeliverAsync([copy]);
            return;
        }

        Repeated++;
        if (!reorder)
        {
            await DeliverAsync([copy, copy]);
            later.Enqueue(AfterAsync(Late, () => DeliverAsync([copy])));
            return;
        }

        lock (held)
        {
            held.Add(copy);
        }

        var mine = Interlocked.Increment(ref generation);
        later.Enqueue(AfterAsync(Silence, () => mine == Volatile.Read(ref generation) ? ReverseAsync() : Task.CompletedTask));
    }

    private async Task ReverseAsync()
    {
        (string, BasicProperties, byte[])[] batch;
        lock (held)
        {
            batch = [.. held.AsEnumerable().Reverse()];
            held.Clear();
        }

        await DeliverAsync(batch);
        later.Enqueue(AfterAsync(Late, () => DeliverAsync(batch)));
    }

    private async Task DeliverAsync(IReadOnlyList<(string Queue, BasicProperties Properties, byte[] Body)> messages)
    {
        await one.WaitAsync();
        try
        {
            foreach (var (queue, properties, body) in messages)
            {
                await channel.BasicPublishAsync("", queue, mandatory: false, properties, body);
            }
        }
        finally
        {
            one.Release();
        }
    }

    private static async Task AfterAsync(TimeSpan delay, Func<Task> act)
    {
        await Task.Delay(delay);
        await act();
    }
}
