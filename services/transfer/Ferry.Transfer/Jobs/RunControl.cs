using Ferry.Contracts;
using Ferry.Contracts.Conversions;
using Ferry.Hosting.Jobs;
using Ferry.Hosting.Outbox;
using Ferry.Transfer.Bandwidth;

namespace Ferry.Transfer.Jobs;

/// <summary>
/// Watches over one run: once a second, and at once when hinted, it reads what its owner wants, the limits and who waits for slots, keeps the slots, and writes and tells how far it is.
/// </summary>
internal sealed class RunControl : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Tell = TimeSpan.FromSeconds(2);
    private readonly CancellationTokenSource stop;
    private readonly CancellationTokenSource ended = new();
    private readonly RunParts parts;
    private readonly JobContext<RunTransfer> job;
    private readonly RunProgress progress;
    private readonly TimeSpan renewEvery;
    private readonly Task loop;
    private volatile TransferJobDocument document;
    private volatile RunTarget? target;
    private long toldAt;
    private long renewedAt;

    public RunControl(RunParts parts, JobContext<RunTransfer> job, TransferJobDocument document, RunProgress progress, TimeSpan renewEvery, CancellationToken cancellationToken)
    {
        (this.parts, this.job, this.document, this.progress, this.renewEvery) = (parts, job, document, progress, renewEvery);
        stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        renewedAt = toldAt = parts.Time.GetTimestamp();
        loop = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <summary>Is cancelled when the run must stop, for whatever reason.</summary>
    public CancellationToken Token => stop.Token;

    /// <summary>Why, when the job itself is the reason.</summary>
    public RunStop Stop { get; private set; }

    /// <summary>The job as it was read last.</summary>
    public TransferJobDocument Document
    {
        get => document;
        set => document = value;
    }

    /// <summary>What is moved now; null in between.</summary>
    public void Watch(RunTarget? what) => target = what;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        await loop;
        parts.Signals.Forget(document.Id);
        ended.Dispose();
        stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!ended.IsCancellationRequested)
        {
            await parts.Signals.WaitAsync(document.Id, Interval, parts.Time, ended.Token);
            if (ended.IsCancellationRequested)
            {
                return;
            }

            try
            {
                await LookAsync(ended.Token);
            }
            catch (OperationCanceledException) when (ended.IsCancellationRequested)
            {
                return;
            }
            catch (LeaseLostException)
            {
                await stop.CancelAsync();
                return;
            }
#pragma warning disable CA1031 // A store that is away comes back; the lease ends the run when it does not.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Log.ControlFailed(parts.Logger, exception, document.Id);
            }
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        System.Diagnostics.Activity.Current = null;
        if (await parts.Store.Documents.GetAsync(document.Id, cancellationToken) is not { } now)
        {
            throw new LeaseLostException(document.Id, job.Epoch);
        }

        document = now;
        var stopped = now.State switch
        {
            Contracts.Transfer.TransferJobState.Suspended => RunStop.Suspended,
            Contracts.Transfer.TransferJobState.Cancelled => RunStop.Cancelled,
            _ => RunStop.None,
        };
        if (target is { } moving)
        {
            moving.Flow.Priority = now.Priority;
            stopped = stopped is RunStop.None && parts.Limits.Book.ParkedBy(moving.Limits, parts.Time.GetUtcNow()) is not null ? RunStop.Parked : stopped;
            if (parts.Time.GetElapsedTime(renewedAt) >= renewEvery)
            {
                renewedAt = parts.Time.GetTimestamp();
                await moving.Slots.RenewAsync(cancellationToken);
            }

            await moving.Slots.GiveWayAsync(cancellationToken);
        }

        if (stopped is not RunStop.None)
        {
            Stop = stopped;
            await stop.CancelAsync();
            return;
        }

        await TellAsync(cancellationToken);
    }

    private async Task TellAsync(CancellationToken cancellationToken)
    {
        Report(null);
        if (parts.Time.GetElapsedTime(toldAt) < Tell || document.RunEpoch != job.Epoch)
        {
            return;
        }

        toldAt = parts.Time.GetTimestamp();
        var changed = false;
        document = await parts.Store.ChangeByWorkerAsync(document.Id, job.Epoch, current => changed = progress.Apply(current), cancellationToken);
        if (changed)
        {
            await parts.Hints.PublishAsync(document.Event() with { ChangedAt = parts.Time.GetUtcNow() }, cancellationToken);
        }
    }

    /// <summary>Tells the conversion, if the job works for one.</summary>
    public void Report(WaitingFor? waitingFor)
    {
        if (document.ConversionId is not null)
        {
            var bytes = progress.Bytes;
            job.Report(new DiskProgress
            {
                Step = "transfer",
                Disk = document.Disk,
                BytesDone = bytes.Written + bytes.Zero + bytes.Deduplicated,
                BytesTotal = document.Files.Sum(file => file.BytesTotal ?? 0),
                Activity = "transferring",
                WaitingFor = waitingFor,
            });
        }
    }
}
