using System.Net.Http.Headers;
using Ferry.Transfer.Bandwidth;

namespace Ferry.Transfer.Sources;

/// <summary>The traffic of one run of a job with its source: how fast it may be, who it is, and what the server said. Safe for concurrent use.</summary>
/// <param name="scheduler">Lets reads through.</param>
/// <param name="flow">The job's share.</param>
/// <param name="credential">Sent with every request, or null.</param>
public sealed class SourceTraffic(BandwidthScheduler scheduler, BandwidthFlow flow, AuthenticationHeaderValue? credential)
{
    private long retryAfterTicks;
    private long wrongOffset = -1;
    private int wrongAnswers;
    private int denied;
    private int ignoresRanges;

    /// <summary>The job's share.</summary>
    public BandwidthFlow Flow => flow;

    /// <summary>How long the server last asked to be left alone (Retry-After), or null.</summary>
    public TimeSpan? RetryAfter => Interlocked.Read(ref retryAfterTicks) is > 0 and var ticks ? TimeSpan.FromTicks(ticks) : null;

    /// <summary>Offset of the last answer that was for other bytes than were asked for, and how many of them came one after the other; null when the last answer was right.</summary>
    public (long Offset, int Count)? WrongAnswers => Volatile.Read(ref wrongAnswers) is > 0 and var count ? (Interlocked.Read(ref wrongOffset), count) : null;

    /// <summary>Whether the server wants another user or password.</summary>
    public bool Denied => Volatile.Read(ref denied) != 0;

    /// <summary>Whether the server does not know Range requests: it sent the whole file when nothing was said about its version.</summary>
    public bool IgnoresRanges => Volatile.Read(ref ignoresRanges) != 0;

    internal AuthenticationHeaderValue? Credential => credential;

    internal int Portion() => scheduler.Portion(flow);

    internal ValueTask CountAsync(int bytes, CancellationToken cancellationToken) => scheduler.AcquireAsync(flow, bytes, cancellationToken);

    internal void Note(HttpRequestMessage request, HttpResponseMessage response, DateTimeOffset now)
    {
        var status = (int)response.StatusCode;
        if (status is 401 or 403 or 407)
        {
            Interlocked.Exchange(ref denied, 1);
        }

        if (status == 200 && request.Headers.Range is not null && request.Headers.IfRange is null && !request.Headers.Contains("If-Range"))
        {
            Interlocked.Exchange(ref ignoresRanges, 1);
        }

        if (status is 429 or >= 500 && (response.Headers.RetryAfter?.Delta ?? response.Headers.RetryAfter?.Date - now) is { } wait)
        {
            Interlocked.Exchange(ref retryAfterTicks, Math.Max(0, wait.Ticks));
        }

        if (status == 206 && request.Headers.Range?.Ranges.FirstOrDefault()?.From is { } asked)
        {
            if (response.Content.Headers.ContentRange?.From == asked)
            {
                Volatile.Write(ref wrongAnswers, 0);
            }
            else
            {
                Interlocked.Exchange(ref wrongOffset, asked);
                Interlocked.Increment(ref wrongAnswers);
            }
        }
    }
}
