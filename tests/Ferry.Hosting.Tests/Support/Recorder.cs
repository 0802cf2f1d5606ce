using System.Collections.Concurrent;
using MassTransit;

namespace Ferry.Hosting.Tests.Support;

/// <summary>Events as they came over the bus.</summary>
internal sealed class Recorder<T> where T : class
{
    private readonly ConcurrentQueue<Recorded<T>> messages = new();

    public IReadOnlyList<Recorded<T>> All => [.. messages];

    public void Add(ConsumeContext<T> context) =>
        messages.Enqueue(new Recorded<T>(context.Message, context.MessageId!.Value, System.Diagnostics.Activity.Current?.TraceId.ToHexString()));

    public async Task<Recorded<T>> FirstAsync(Func<T, bool> matches)
    {
        await Eventually.IsAsync(() => All.Any(message => matches(message.Message)), $"an event {typeof(T).Name}");
        return All.First(message => matches(message.Message));
    }
}
