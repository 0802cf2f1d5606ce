using Ferry.Transfer.Slots;

namespace Ferry.Transfer.Fetching;

/// <summary>Runs the same work on as many connections as there are slots for the job: more when one comes free, fewer when one is asked back. The first failure stops all and is thrown.</summary>
internal static class Connections
{
    private static readonly TimeSpan Growth = TimeSpan.FromSeconds(1);

    /// <summary>Runs.</summary>
    /// <param name="most">Most connections.</param>
    /// <param name="slots">The slots.</param>
    /// <param name="work">The work of a connection, with its number; says whether nothing is left.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops all.</param>
    /// <returns>Whether nothing is left; else the last connection had to be given back.</returns>
    public static async Task<bool> RunAsync(
        int most, IConnectionSlots slots, Func<int, SlotLease, CancellationToken, Task<bool>> work, TimeProvider time, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new Dictionary<Task<bool>, SlotLease>();
        var (next, finished) = (0, false);
        void Start(SlotLease lease)
        {
            var number = next++;
            running.Add(Task.Run(() => work(number, lease, stop.Token), CancellationToken.None), lease);
        }

        try
        {
            foreach (var lease in slots.TakeHeld())
            {
                Start(lease);
            }

            while (running.Count > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!finished && running.Count < most && await slots.TryTakeAsync(stop.Token) is { } more)
                {
                    Start(more);
                    continue;
                }

                var pause = Task.Delay(Growth, time, stop.Token);
                if (await Task.WhenAny(running.Keys.Cast<Task>().Append(pause)) is not Task<bool> ended || ended == pause)
                {
                    continue;
                }

                running.Remove(ended, out var lease);
                await slots.GiveBackAsync(lease!);
                finished |= await ended;
            }

            return finished;
        }
        finally
        {
            await stop.CancelAsync();
            foreach (var (task, lease) in running)
            {
                await ((Task)task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await slots.GiveBackAsync(lease);
            }
        }
    }
}
