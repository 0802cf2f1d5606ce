using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Ferry.Orchestrator.Tests.Support;

/// <summary>What the orchestrator sent, by type, in order.</summary>
public sealed class CommandLog
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<Type, Channel<object>> messages = new();
    private readonly ConcurrentDictionary<Guid, Type> seen = new();

    /// <summary>Keeps a message. The outbox may send one twice, under the same id: twice is once here as in a service.</summary>
    public void Add(object message, Guid? id)
    {
        if (id is null || seen.TryAdd(id.Value, message.GetType()))
        {
            Of(message.GetType()).Writer.TryWrite(message);
        }
    }

    /// <summary>The next message of a type; fails when none comes.</summary>
    public async Task<T> NextAsync<T>()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            return (T)await Of(typeof(T)).Reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"No {typeof(T).Name} was sent within {Limit}.");
        }
    }

    /// <summary>Whether nothing of a type is waiting to be taken.</summary>
    public bool IsEmpty<T>() => !Of(typeof(T)).Reader.TryPeek(out _);

    private Channel<object> Of(Type type) => messages.GetOrAdd(type, _ => Channel.CreateUnbounded<object>());
}
