namespace Ferry.Chunks.Nbd;

/// <summary>Bounds the buffers of a connection. One caller takes at a time (the one that reads requests), any gives back.</summary>
internal sealed class ByteBudget
{
    private readonly int total;
    private readonly Lock gate = new();
    private int free;
    private int wanted;
    private TaskCompletionSource? waiting;

    public ByteBudget(int bytes)
    {
        total = bytes;
        free = bytes;
    }

    /// <summary>Waits until so many bytes are free; a request larger than the whole budget waits until nothing else is in use.</summary>
    public Task TakeAsync(int count, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (free >= Math.Min(count, total))
            {
                free -= count;
                return Task.CompletedTask;
            }

            wanted = count;
            waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return waiting.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Gives bytes back.</summary>
    public void GiveBack(int count)
    {
        lock (gate)
        {
            free += count;
            if (waiting is not null && free >= Math.Min(wanted, total))
            {
                free -= wanted;
                waiting.SetResult();
                waiting = null;
            }
        }
    }
}
