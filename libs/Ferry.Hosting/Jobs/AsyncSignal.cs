namespace Ferry.Hosting.Jobs;

/// <summary>A flag to wait for: setting it twice before somebody waits is setting it once.</summary>
internal sealed class AsyncSignal
{
    private readonly Lock gate = new();
    private bool set;
    private TaskCompletionSource? waiter;

    /// <summary>Ends the wait, now or the next one.</summary>
    public void Set()
    {
        lock (gate)
        {
            if (waiter is null)
            {
                set = true;
                return;
            }

            waiter.TrySetResult();
            waiter = null;
        }
    }

    /// <summary>Waits until set, for a time at most, or until cancelled; never throws.</summary>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        Task signalled;
        lock (gate)
        {
            if (set)
            {
                set = false;
                return;
            }

            waiter ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            signalled = waiter.Task;
        }

        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(signalled, Task.Delay(atMost, time, timer.Token)).ConfigureAwait(false);
        await timer.CancelAsync().ConfigureAwait(false);
    }
}
