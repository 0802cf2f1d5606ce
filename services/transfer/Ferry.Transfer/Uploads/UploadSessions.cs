using System.Collections.Concurrent;
using Ferry.Transfer.Bandwidth;
using Ferry.Transfer.Jobs;
using Microsoft.Extensions.Options;

namespace Ferry.Transfer.Uploads;

/// <summary>
/// The uploads whose clients this process serves now: bounds how much memory they take together, gives each its share of the bandwidth, and writes down once a second what came.
/// A process that dies takes at most that second of its counts with it, never a chunk. Safe for concurrent use.
/// </summary>
public sealed class UploadSessions(
    TransferJobStore store, BandwidthScheduler scheduler, LimitsKeeper limits, TransferHints hints, IOptions<TransferOptions> options, TimeProvider time)
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Tell = TimeSpan.FromSeconds(2);
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<string, UploadSession> sessions = new(StringComparer.Ordinal);
    private int active;

    /// <summary>Lets a request in.</summary>
    /// <exception cref="UploadRefusedException">Too many requests are being served.</exception>
    internal async Task<UploadSession> EnterAsync(TransferJobDocument job, CancellationToken cancellationToken)
    {
        var made = false;
        UploadSession? session;
        lock (gate)
        {
            if (!sessions.TryGetValue(job.Id, out session))
            {
                session = sessions[job.Id] = new UploadSession(job.Id, scheduler.Begin(job.Priority, limits.Book.NamesForUpload(job.Link)));
                made = true;
            }

            session.See();
            if (active >= options.Value.MaxUploadRequests || session.Active >= options.Value.UploadConnections)
            {
                var detail = session.Active >= options.Value.UploadConnections
                    ? $"The upload has {session.Active} requests at once; {options.Value.UploadConnections} are allowed."
                    : "The server has as many requests of uploads as it takes at once.";
                throw new UploadRefusedException(StatusCodes.Status429TooManyRequests, TransferErrors.UploadBusy, detail, TimeSpan.FromSeconds(1));
            }

            active++;
            session.Active++;
            session.Flow.Priority = job.Priority;
        }

        if (!made)
        {
            return session;
        }

        try
        {
            await limits.RefreshAsync(cancellationToken); // Its rates count from the first byte on.
            return session;
        }
        catch
        {
            Leave(session);
            throw;
        }
    }

    /// <summary>A request is over.</summary>
    internal void Leave(UploadSession session)
    {
        lock (gate)
        {
            active--;
            session.Active--;
            session.IdleSince = time.GetTimestamp();
        }
    }

    /// <summary>Writes down what came for one upload.</summary>
    public async Task WriteAsync(string jobId, CancellationToken cancellationToken)
    {
        if (sessions.TryGetValue(jobId, out var session))
        {
            await WriteAsync(session, cancellationToken);
        }
    }

    /// <summary>Writes down what came for all, and lets go of uploads that nothing came for.</summary>
    public async Task WriteAllAsync(CancellationToken cancellationToken)
    {
        foreach (var session in sessions.Values)
        {
            await WriteAsync(session, cancellationToken);
            lock (gate)
            {
                if (session.Active == 0 && time.GetElapsedTime(session.IdleSince) >= Idle && !session.HasNews)
                {
                    sessions.TryRemove(session.JobId, out _);
                    scheduler.End(session.Flow);
                }
            }
        }
    }

    private async Task WriteAsync(UploadSession session, CancellationToken cancellationToken)
    {
        if (session.Take() is not { } tallies)
        {
            return;
        }

        try
        {
            var now = await store.NowAsync(cancellationToken);
            var job = await store.ChangeAsync(session.JobId, current => UploadCounting.Add(current, tallies, now), cancellationToken);
            if (job is not null && tallies.Count > 0 && time.GetElapsedTime(session.ToldAt) >= Tell)
            {
                session.ToldAt = time.GetTimestamp();
                await hints.PublishAsync(job.Event() with { ChangedAt = time.GetUtcNow() }, cancellationToken);
            }
        }
        catch
        {
            session.PutBack(tallies);
            throw;
        }
    }
}
