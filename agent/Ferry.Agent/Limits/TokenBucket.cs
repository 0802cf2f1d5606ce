namespace Ferry.Agent.Limits;

/// <summary>Lets bytes pass at a rate: each taker's bytes are due when those before it have passed. Safe for concurrent use.</summary>
/// <param name="bytesPerSecond">The rate.</param>
/// <param name="time">Clock.</param>
internal sealed class TokenBucket(double bytesPerSecond, TimeProvider time)
{
    // Less than a timer can tell is not waited for; it adds up instead.
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(5);
    private readonly Lock gate = new();
    private readonly long start = time.GetTimestamp();
    private double free;

    /// <summary>Waits until some bytes may pass.</summary>
    public async ValueTask TakeAsync(int bytes, CancellationToken cancellationToken)
    {
        TimeSpan wait;
        lock (gate)
        {
            var now = time.GetElapsedTime(start).TotalSeconds;
            free = Math.Max(free, now);
            wait = TimeSpan.FromSeconds(free - now);
            free += bytes / bytesPerSecond;
        }

        if (wait >= Least)
        {
            await Task.Delay(wait, time, cancellationToken);
        }
    }
}
