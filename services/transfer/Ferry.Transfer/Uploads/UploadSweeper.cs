using Ferry.Contracts;
using Ferry.Contracts.Transfer;
using Ferry.Hosting;
using Ferry.Hosting.Documents;
using Ferry.Transfer.Jobs;
using Microsoft.Extensions.Options;

namespace Ferry.Transfer.Uploads;

/// <summary>Looks after uploads once a second: writes down what came, parks them while a window is closed, and notices clients that fell silent. Any number of processes may.</summary>
public sealed class UploadSweeper(
    TransferJobStore store, UploadJobs uploads, UploadSessions sessions, IOptions<TransferOptions> options, TimeProvider time, ILogger<UploadSweeper> logger)
    : RepeatedService(TimeSpan.FromSeconds(1), time)
{
    private static readonly TransferJobState[] Running = [TransferJobState.Queued, TransferJobState.Connecting, TransferJobState.Transferring, TransferJobState.TransientError];

    /// <summary>One round.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        await sessions.WriteAllAsync(cancellationToken);
        foreach (var state in Running)
        {
            foreach (var job in await store.Documents.QueryAsync(DocumentQuery.Where("state", state).And("type", TransferJobType.Upload), cancellationToken))
            {
                if (!await uploads.ParkAsync(job, cancellationToken))
                {
                    await LookAsync(job, await store.NowAsync(cancellationToken), cancellationToken);
                }
            }
        }
    }

    /// <inheritdoc/>
    protected override Task RoundAsync(bool first, CancellationToken stoppingToken) => SweepAsync(stoppingToken);

    /// <inheritdoc/>
    protected override void RoundFailed(Exception exception) => Log.UploadsNotSwept(logger, exception);

    /// <inheritdoc/>
    protected override Task StoppingAsync() => sessions.WriteAllAsync(CancellationToken.None);

    private async Task LookAsync(TransferJobDocument job, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!Change(job, now))
        {
            return; // Nearly always.
        }

        await store.ChangeAsync(job.Id, current => Running.Contains(current.State) && Change(current, now), cancellationToken);
    }

    private bool Change(TransferJobDocument job, DateTimeOffset now)
    {
        if (job.SeenAt is not { } seen)
        {
            // Made or resumed: its client has from now on.
            (job.SeenAt, job.ProgressAt) = (now, job.ProgressAt ?? now);
            job.WaitingFor ??= job.State is TransferJobState.Queued ? UploadJobs.Client(now) : null;
            return true;
        }

        var silent = now - seen >= options.Value.UploadSilence;
        var patience = job.NoProgressSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : options.Value.NoProgress;
        var since = job.NoProgressSince ?? job.ProgressAt ?? seen;
        var failure = new Failure
        {
            Code = TransferErrors.UploadSilent,
            Message = silent ? "The client of the upload is silent." : "The client of the upload makes no progress.",
            Where = job.Files.Find(file => !file.Done)?.Shown ?? job.Name,
            Remedy = "Look at the client and its network; it goes on behind what has arrived when it shows itself again.",
            Retryable = true,
        };
        if (job.WaitingFor?.Reason is "space" && !silent)
        {
            return false; // It is not the client that is to blame.
        }

        if (now - since >= patience && (silent || patience > TimeSpan.Zero))
        {
            uploads.Fault(job, failure with { Retryable = false, Remedy = "Look at the client and its network, then resume the upload: it goes on behind what has arrived." }, now);
            return true;
        }

        if (silent && job.State is not TransferJobState.TransientError)
        {
            job.NoProgressSince = now;
            job.Retries++;
            uploads.Fail(job, TransferTrigger.Fail, failure, UploadJobs.Client(now));
            return true;
        }

        if (job.State is TransferJobState.Queued && job.WaitingFor?.Reason is "bandwidth-window")
        {
            job.WaitingFor = UploadJobs.Client(now);
            job.Announce(Time.GetUtcNow());
            return true;
        }

        return false;
    }
}
