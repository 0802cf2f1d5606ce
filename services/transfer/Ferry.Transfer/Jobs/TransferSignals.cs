using System.Collections.Concurrent;

namespace Ferry.Transfer.Jobs;

/// <summary>Hints inside a process: what a running job should do has changed. Safe for concurrent use.</summary>
public sealed class TransferSignals
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> waiters = new(StringComparer.Ordinal);

    /// <summary>Ends the wait for a job, if there is one here.</summary>
    public void Set(string id)
    {
        if (waiters.TryGetValue(id, out var waiter))
        {
            waiter.TrySetResult();
        }
    }

    /// <summary>Waits for a hint, for a time at most.</summary>
    public async Task WaitAsync(string id, TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(time);
        var waiter = waiters.GetOrAdd(id, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await Task.WhenAny(waiter.Task, Task.Delay(atMost, time, cancellationToken));
        if (waiter.Task.IsCompleted)
        {
            waiters.TryRemove(KeyValuePair.Create(id, waiter));
        }
    }

    /// <summary>The job does not run here any more.</summary>
    public void Forget(string id) => waiters.TryRemove(id, out _);
}
