namespace Ferry.Agent.Limits;

/// <summary>
/// Keeps the processor time of this process below a share: who is about to work waits until what was used fits the time that has passed. What was not used is no credit beyond a moment, so that the share
/// holds at any time and not only on the whole. Safe for concurrent use.
/// </summary>
/// <param name="processors">Processors that may be used, such as 0.4 for 20 % of two.</param>
/// <param name="used">Says the processor time of this process.</param>
/// <param name="time">Clock.</param>
internal sealed class CpuLimiter(double processors, Func<TimeSpan> used, TimeProvider time) : IDisposable
{
    // Looking again costs processor time itself: not more often than it is worth.
    private const double ShortestWaitMilliseconds = 20;
    private const double LongestWaitMilliseconds = 1000;
    private static readonly TimeSpan MostCredit = TimeSpan.FromMilliseconds(250);
    private readonly SemaphoreSlim turn = new(1);
    private TimeSpan seen = used();
    private long seenAt = time.GetTimestamp();
    private TimeSpan debt;

    /// <summary>Waits until more may be used. One waits by the clock, the others for their turn.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            for (var wait = Settle(); wait > TimeSpan.Zero; wait = Settle())
            {
                await Task.Delay(wait, time, cancellationToken);
            }
        }
        finally
        {
            turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => turn.Dispose();

    // What was used since the last look is owed, what was allowed meanwhile is paid back.
    private TimeSpan Settle()
    {
        var (now, usedNow) = (time.GetTimestamp(), used());
        debt += usedNow - seen - (time.GetElapsedTime(seenAt, now) * processors);
        debt = debt < -MostCredit * processors ? -MostCredit * processors : debt;
        (seen, seenAt) = (usedNow, now);
        return debt <= TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Clamp((debt / processors).TotalMilliseconds, ShortestWaitMilliseconds, LongestWaitMilliseconds));
    }
}
