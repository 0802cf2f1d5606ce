namespace Ferry.Transfer.Bandwidth;

/// <summary>
/// A token bucket of bytes whose rate may change at any time. It may go into debt by one request, so that a request may be larger than what it holds: the debt is waited for by
/// the next one, and the rate holds over time. Not safe for concurrent use: <see cref="BandwidthScheduler"/> has the lock.
/// </summary>
internal sealed class TokenBucket(long now)
{
    // What may be moved at once after a pause: a tenth of a second, which over ten seconds is one per cent.
    private const double BurstSeconds = 0.1;
    private double tokens;
    private long filledAt = now;

    /// <summary>Bytes a second; null is no limit, 0 is parked.</summary>
    public double? Rate { get; private set; }

    /// <summary>Sets the rate; what was not used under the old one is not kept beyond the new one's burst.</summary>
    public void SetRate(double? rate, long now, TimeProvider time)
    {
        Fill(now, time);
        Rate = rate;
        tokens = Math.Min(tokens, (rate ?? 0) * BurstSeconds);
    }

    /// <summary>Time until a request is let through; zero when it is now, null when it is parked.</summary>
    public TimeSpan? Wait(long now, TimeProvider time)
    {
        Fill(now, time);
        return Rate switch
        {
            null => TimeSpan.Zero,
            0 => null,
            _ when tokens > 0 => TimeSpan.Zero,
            { } rate => TimeSpan.FromSeconds(-tokens / rate) + TimeSpan.FromTicks(1),
        };
    }

    /// <summary>Takes the bytes of a request that is let through.</summary>
    public void Take(long bytes)
    {
        if (Rate is not null)
        {
            tokens -= bytes;
        }
    }

    private void Fill(long now, TimeProvider time)
    {
        if (Rate is { } rate)
        {
            tokens = Math.Min(tokens + (rate * time.GetElapsedTime(filledAt, now).TotalSeconds), rate * BurstSeconds);
        }

        filledAt = now;
    }
}
