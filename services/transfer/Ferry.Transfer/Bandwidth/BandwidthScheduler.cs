using Ferry.Contracts.Transfer;

namespace Ferry.Transfer.Bandwidth;

/// <summary>
/// Lets reads through: within the rate of every limit of their flow, a higher priority before a lower one, and flows of one priority in equal shares of bytes (fair queueing: the
/// one that had least goes first). A flow of a lower priority also holds back while a higher one under a limit of its own is at work, even where no rate is set; so that it does
/// not starve, a read that has waited for <see cref="Patience"/> goes next. Safe for concurrent use.
/// <para>
/// <c>System.Threading.RateLimiting.TokenBucketRateLimiter</c> was looked at: its rate is fixed when it is made, its queue is first come first served (no priorities, no shares), one
/// lease draws from one limiter, and several replicas cannot share one. So the bucket is ours; how replicas share is said at <see cref="LimitsKeeper"/>.
/// </para>
/// </summary>
public sealed class BandwidthScheduler : IDisposable
{
    /// <summary>After this long a waiting read goes before those of higher priority.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // A higher flow between two reads is still at work.
    private static readonly TimeSpan Presence = TimeSpan.FromMilliseconds(500);
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private readonly Dictionary<string, TokenBucket> buckets = new(StringComparer.Ordinal);
    private readonly List<BandwidthFlow> flows = [];
    private readonly List<BandwidthRequest> waiting = [];
    private readonly ITimer timer;
    private long numbers;

    /// <summary>Bytes of all flows that were let through.</summary>
    public long TotalBytes { get; private set; }

    /// <summary>Makes a scheduler without limits.</summary>
    public BandwidthScheduler(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        this.time = time;
        timer = time.CreateTimer(_ => Pump(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Begins a job's traffic.</summary>
    public BandwidthFlow Begin(TransferPriority priority, IReadOnlyList<string> limits)
    {
        var flow = new BandwidthFlow(priority, limits);
        lock (gate)
        {
            flows.Add(flow);
        }

        return flow;
    }

    /// <summary>Ends a job's traffic.</summary>
    public void End(BandwidthFlow flow)
    {
        lock (gate)
        {
            flows.Remove(flow);
        }

        Pump();
    }

    /// <summary>The limits that flows of this process are under now.</summary>
    public IReadOnlyCollection<string> UsedLimits
    {
        get
        {
            lock (gate)
            {
                return [.. flows.SelectMany(flow => flow.Limits).Distinct()];
            }
        }
    }

    /// <summary>Sets this process's rate of limits in bytes a second (0 parks, null is no limit); limits that are not named have none. Takes effect on reads that wait.</summary>
    public void SetRates(IReadOnlyDictionary<string, double?> rates)
    {
        ArgumentNullException.ThrowIfNull(rates);
        lock (gate)
        {
            var now = time.GetTimestamp();
            foreach (var name in buckets.Keys.Union(rates.Keys).ToArray())
            {
                var rate = rates.GetValueOrDefault(name);
                var bucket = Bucket(name, now);
                if (bucket.Rate != rate)
                {
                    bucket.SetRate(rate, now, time);
                }
            }
        }

        Pump();
    }

    /// <summary>This process's rate of a limit in bytes a second; null: none.</summary>
    internal double? RateOf(string limit)
    {
        lock (gate)
        {
            return buckets.GetValueOrDefault(limit)?.Rate;
        }
    }

    /// <summary>How many bytes a flow should ask for at a time: little enough that shares and changes take effect soon.</summary>
    public int Portion(BandwidthFlow flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        lock (gate)
        {
            var rate = flow.Limits.Select(name => buckets.GetValueOrDefault(name)?.Rate).Min() ?? double.MaxValue;
            return (int)Math.Clamp(rate / 50, 4 << 10, 256 << 10);
        }
    }

    /// <summary>Waits until bytes may be read.</summary>
    public async ValueTask AcquireAsync(BandwidthFlow flow, long bytes, CancellationToken cancellationToken)
    {
        var request = Ask(flow, bytes);
        if (!request.Granted.Task.IsCompleted)
        {
            using var cancelled = cancellationToken.UnsafeRegister(_ => Abandon(request, cancellationToken), null);
            await request.Granted.Task;
        }
    }

    /// <summary>Asks for bytes, without waiting.</summary>
    internal BandwidthRequest Ask(BandwidthFlow flow, long bytes)
    {
        ArgumentNullException.ThrowIfNull(flow);
        BandwidthRequest request;
        lock (gate)
        {
            var now = time.GetTimestamp();
            if (flow.Waiting == 0)
            {
                // Whoever was away has not saved anything up.
                flow.Share = Math.Max(flow.Share, flows.Where(other => other != flow && IsPresent(other, now)).Select(other => other.Share).DefaultIfEmpty(flow.Share).Min());
            }

            flow.AskedAt = now;
            flow.Waiting++;
            request = new BandwidthRequest(flow, bytes, now, numbers++);
            waiting.Add(request);
        }

        Pump();
        return request;
    }

    /// <inheritdoc/>
    public void Dispose() => timer.Dispose();

    private void Abandon(BandwidthRequest request, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (waiting.Remove(request))
            {
                request.Flow.Waiting--;
            }
        }

        request.Granted.TrySetCanceled(cancellationToken);
    }

    private void Pump()
    {
        lock (gate)
        {
            var now = time.GetTimestamp();
            TimeSpan? next = null;
            var taken = new HashSet<string>(StringComparer.Ordinal);
            while (waiting.Count > 0 && GrantOne(now, taken, ref next))
            {
                next = null;
                taken.Clear();
            }

            timer.Change(next ?? Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    // The first in order that may go goes; who may not keeps its limits for itself against those behind it.
    private bool GrantOne(long now, HashSet<string> taken, ref TimeSpan? next)
    {
        foreach (var request in waiting.OrderBy(request => RankOf(request, now)).ThenBy(request => request.Flow.Share).ThenBy(request => request.Number))
        {
            if (request.Flow.Limits.Any(taken.Contains))
            {
                continue;
            }

            if (HoldsBack(request, now) is { } held)
            {
                next = Least(next, held);
                continue;
            }

            var wait = TimeSpan.Zero;
            var parked = false;
            foreach (var name in request.Flow.Limits)
            {
                var bucket = Bucket(name, now).Wait(now, time);
                parked |= bucket is null;
                wait = bucket > wait ? bucket.Value : wait;
                if (bucket is null || bucket > TimeSpan.Zero)
                {
                    taken.Add(name);
                }
            }

            if (!parked && wait == TimeSpan.Zero)
            {
                Grant(request, now);
                return true;
            }

            next = parked ? next : Least(next, wait);
        }

        return false;
    }

    private void Grant(BandwidthRequest request, long now)
    {
        var flow = request.Flow;
        foreach (var name in flow.Limits)
        {
            Bucket(name, now).Take(request.Bytes);
        }

        waiting.Remove(request);
        flow.Waiting--;
        flow.AskedAt = now;
        flow.Share += request.Bytes;
        flow.Bytes += request.Bytes;
        TotalBytes += request.Bytes;
        request.Granted.TrySetResult();
    }

    private int RankOf(BandwidthRequest request, long now) => time.GetElapsedTime(request.Since, now) >= Patience ? -1 : (int)request.Flow.Priority;

    // How long a request has to let higher ones be; null when it need not.
    private TimeSpan? HoldsBack(BandwidthRequest request, long now)
    {
        if (RankOf(request, now) < 0)
        {
            return null;
        }

        TimeSpan? wait = null;
        foreach (var other in flows)
        {
            if (other.Priority < request.Flow.Priority && IsPresent(other, now) && Compete(other, request.Flow))
            {
                var left = other.Waiting > 0 ? Presence : Presence - time.GetElapsedTime(other.AskedAt, now);
                wait = wait is null || left > wait ? left : wait;
            }
        }

        return wait is null ? null : Least(wait, Patience - time.GetElapsedTime(request.Since, now));
    }

    // Every flow is under the global limit: without a rate it says nothing about whether two are in each other's way.
    private bool Compete(BandwidthFlow left, BandwidthFlow right) =>
        left.Limits.Intersect(right.Limits).Any(name => name != LimitNames.Global || buckets.GetValueOrDefault(name)?.Rate is not null);

    private bool IsPresent(BandwidthFlow flow, long now) =>
        flow.AskedAt != 0 && (flow.Waiting > 0 || time.GetElapsedTime(flow.AskedAt, now) < Presence);

    private TokenBucket Bucket(string name, long now)
    {
        if (!buckets.TryGetValue(name, out var bucket))
        {
            buckets[name] = bucket = new TokenBucket(now);
        }

        return bucket;
    }

    private static TimeSpan Least(TimeSpan? left, TimeSpan right) => left is { } other && other < right ? other : right;
}
