using System.Diagnostics;
using Ferry.Contracts.Conversions;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Ledger;

namespace Ferry.Hosting.Jobs;

/// <summary>One run of one job by this process: the claimed document, the lease, and what the handler has said so far.</summary>
internal sealed class JobRun(JobDocument document, ServiceDocuments documents, ResourceLedger ledger, JobOptions options, TimeProvider time, IFaultPoints faults,
    bool finishesFirst = false, long? claimedAt = null) : IDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly CancellationTokenSource lost = new();
    private readonly Lock gate = new();
    private long renewedAt = claimedAt ?? time.GetTimestamp();
    private StopReason reason;

    /// <summary>The job as it was claimed.</summary>
    public JobDocument Document { get; } = document;

    /// <summary>The service's collections.</summary>
    public ServiceDocuments Documents { get; } = documents;

    /// <summary>The service's ledger.</summary>
    public ResourceLedger Ledger { get; } = ledger;

    /// <summary>How jobs are leased.</summary>
    public JobOptions Options { get; } = options;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>Places to kill the process.</summary>
    public IFaultPoints Faults { get; } = faults;

    /// <summary>What the handler reported last.</summary>
    public DiskProgress? Progress { get; set; } = document.Progress;

    /// <summary>Slices proven by this run.</summary>
    public int ProvenSlices { get; set; }

    /// <summary>Is cancelled when the handler must stop, for whatever reason.</summary>
    public CancellationToken Stopping => stop.Token;

    /// <summary>Is cancelled when the lease is lost: nothing may be written any more.</summary>
    public CancellationToken Lost => lost.Token;

    /// <summary>Why the handler must stop.</summary>
    public StopReason Reason
    {
        get
        {
            lock (gate)
            {
                return reason;
            }
        }
    }

    /// <summary>How long ago the lease was renewed, on this machine's monotonic clock.</summary>
    public TimeSpan SinceRenewal => Time.GetElapsedTime(Interlocked.Read(ref renewedAt));

    /// <summary>Condition of every write of this run: the job still has its epoch and runs.</summary>
    public DocumentQuery Fence { get; } = DocumentQuery.Where("id", document.Id).And("epoch", document.Epoch).And("state", JobState.Running);

    /// <summary>Tells the handler to stop. The first reason stands, but a lost lease outdoes all.</summary>
    public void Stop(StopReason why)
    {
        lock (gate)
        {
            if (reason is StopReason.None || why is StopReason.LeaseLost || (why is StopReason.Cancel && reason is StopReason.Suspend))
            {
                reason = why;
            }
        }

        if (why is StopReason.LeaseLost)
        {
            lost.Cancel();
        }

        stop.Cancel();
    }

    /// <summary>Throws when the lease is lost, or was not renewed for so long that it may be soon.</summary>
    /// <exception cref="LeaseLostException">Nothing more may be written.</exception>
    public void CheckLease()
    {
        if (!lost.IsCancellationRequested && SinceRenewal < Options.Surrender)
        {
            return;
        }

        Stop(StopReason.LeaseLost);
        throw new LeaseLostException(Document.Id, Document.Epoch);
    }

    /// <summary>Renews the lease; with a proven slice it also notes that this epoch got somewhere.</summary>
    /// <exception cref="LeaseLostException">The job is another worker's, or this one was out of touch for so long that it has to give the job up.</exception>
    public async Task RenewAsync(bool proven, CancellationToken cancellationToken)
    {
        // Renewals come every few seconds for hours: no spans of them in the job's trace. (A change of the current span ends with this method.)
        Activity.Current = null;

        // A worker that was stopped and woke gives up even when nobody has claimed its job yet: what it does next must not depend on who looks first.
        CheckLease();
        var started = Time.GetTimestamp();
        var now = await Documents.NowAsync(cancellationToken).ConfigureAwait(false);
        var update = DocumentUpdate.Set("claimableAt", now + Options.Lease);
        if (Progress is { } progress)
        {
            update = update.AndSet("progress", progress);
        }

        if (proven)
        {
            update = update.AndSet("settledEpoch", Document.Epoch);
        }

        if (Lost.IsCancellationRequested || await Documents.Jobs.UpdateFirstAsync(Fence, update, cancellationToken).ConfigureAwait(false) is not { } current)
        {
            Stop(StopReason.LeaseLost);
            throw new LeaseLostException(Document.Id, Document.Epoch);
        }

        Interlocked.Exchange(ref renewedAt, started);
        Apply(current.Desired);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        stop.Dispose();
        lost.Dispose();
    }

    private void Apply(DesiredState desired)
    {
        if (desired is DesiredState.Cancel)
        {
            Stop(StopReason.Cancel);
        }
        else if (desired is DesiredState.Suspend && !finishesFirst)
        {
            Stop(StopReason.Suspend);
        }
    }
}
