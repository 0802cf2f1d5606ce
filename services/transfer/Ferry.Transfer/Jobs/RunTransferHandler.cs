using Ferry.Contracts.Conversions;
using Ferry.Contracts.Transfer;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Jobs;
using Ferry.Transfer.Fetching;
using Ferry.Transfer.Library;

namespace Ferry.Transfer.Jobs;

/// <summary>Runs a transfer job on a leased job: reads what its owner wants, moves its files, and writes how that ended.</summary>
public sealed class RunTransferHandler(RunParts parts) : IJobHandler<RunTransfer>
{
    /// <inheritdoc/>
    public async Task<object> RunAsync(JobContext<RunTransfer> job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        var document = await BeginAsync(job, cancellationToken);
        switch (document.State)
        {
            case TransferJobState.Queued:
                break;
            case TransferJobState.Suspended:
                throw RunEnding.Suspended(document);
            case TransferJobState.Error:
                throw RunEnding.Fault(document, inner: null);
            case TransferJobState.Cancelled:
                return RunEnding.Cancelled(parts, document);
            default:
                return RunEnding.Outcome(document, job.Epoch);
        }

        var slices = await job.GetProvenSlicesAsync(cancellationToken);
        var progress = new RunProgress(slices.Aggregate(new ByteCounts(), (sum, slice) => sum + slice.Bytes));
        await using var control = new RunControl(parts, job, document, progress, parts.RenewSlots, cancellationToken);
        var ending = new RunEnding(parts, job, control, progress);
        var run = new TransferRun(parts, job, control, progress);
        try
        {
            for (var file = 0; file < document.Files.Count; file++)
            {
                await run.MoveAsync(file);
            }

            if (document.Machine is not null)
            {
                await MachinePublishing.PublishAsync(parts, job, control.Document, control.Token);
            }

            return await ending.CompleteAsync(cancellationToken);
        }
        catch (LeaseLostException)
        {
            throw;
        }
        catch (RunWaitException wait)
        {
            throw await ending.WaitAsync(wait, cancellationToken);
        }
        catch (TransferTransitionException)
        {
            // Its owner was faster: what it is now says what to do.
            throw new JobDeferredException(TimeSpan.Zero, null);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await ending.LeaveAsync();
            throw;
        }
        catch (OperationCanceledException) when (control.Token.IsCancellationRequested)
        {
            throw await ending.StoppedAsync(run.Limits, cancellationToken);
        }
        catch (DocumentStoreException)
        {
            // The store was away: nothing of the transfer has failed, and nothing can be written about it. The leased job is tried again and finds it as it was.
            throw;
        }
#pragma warning disable CA1031 // What is no known failure is a defect: the job ends in Error and says so, rather than being tried for ever.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            throw await ending.FailedAsync(exception, run.Traffic, run.Shown, cancellationToken);
        }
    }

    // From here on this worker, and none before it, writes to the job.
    private async Task<TransferJobDocument> BeginAsync(JobContext<RunTransfer> job, CancellationToken cancellationToken) => await parts.Store.ChangeAsync(
        job.Command.Id,
        document =>
        {
            if (document.RunEpoch > job.Epoch)
            {
                throw new LeaseLostException(job.JobId, job.Epoch);
            }

            document.RunEpoch = job.Epoch;
            if (TransferTransitions.IsActive(document.State) || document.State is TransferJobState.TransientError)
            {
                document.Move(TransferTrigger.Requeue, parts.Time.GetUtcNow());
            }

            return true;
        },
        cancellationToken) ?? throw TransferFailures.Create(TransferErrors.Unknown, "The transfer job is gone.", job.JobId, "Create it again.");
}
