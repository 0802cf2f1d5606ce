using Ferry.Contracts;
using Ferry.Contracts.Conversions;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Telemetry;

namespace Ferry.Hosting.Jobs;

/// <summary>Workers that held a lease and never gave it back: dead most likely, but a stopped process or a cut-off machine looks the same.</summary>
internal static class FormerWorkers
{
    /// <summary>Notes that a job was taken over from a worker that had not given it back.</summary>
    public static async Task NoteAsync(JobRun run)
    {
        if (run.Document.Epoch > 1 && run.Document.ReleasedEpoch != run.Document.Epoch - 1)
        {
            HostingTelemetry.TakenOver.Add(1, new KeyValuePair<string, object?>("ferry.step", run.Document.Kind));
            var now = await run.Documents.NowAsync(run.Lost).ConfigureAwait(false);
            if (await run.Documents.Jobs.UpdateFirstAsync(run.Fence, DocumentUpdate.Set("takenOverAt", now), run.Lost).ConfigureAwait(false) is null)
            {
                run.Stop(StopReason.LeaseLost);
                throw new LeaseLostException(run.Document.Id, run.Document.Epoch);
            }
        }
    }

    /// <summary>Waits until each of them must have stopped by itself: at two thirds of its lease, and a whole one has passed since the job was taken over.</summary>
    public static async ValueTask WaitOutAsync(JobRun run, CancellationToken cancellationToken)
    {
        if (run.Options.ReclaimAtStart)
        {
            return; // The store is this process's own: whoever held a lease before is dead.
        }

        var since = default(DateTimeOffset?);
        while (true)
        {
            var jobs = await run.Documents.Jobs.QueryAsync(DocumentQuery.Where("conversionId", run.Document.ConversionId), cancellationToken).ConfigureAwait(false);
            var now = await run.Documents.NowAsync(cancellationToken).ConfigureAwait(false);
            since ??= now;
            if (jobs.Max(job => job.TakenOverAt) is not { } last || last + run.Options.Lease <= now)
            {
                return;
            }

            Say(run, since.Value, last + run.Options.Lease);
            await Task.Delay(last + run.Options.Lease - now, run.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static void Say(JobRun run, DateTimeOffset since, DateTimeOffset until) =>
        run.Progress = (run.Progress ?? new DiskProgress { Step = run.Document.Step, Disk = run.Document.Disk, BytesDone = 0, BytesTotal = 0 }) with
        {
            WaitingFor = new WaitingFor
            {
                Reason = "former-worker",
                Detail = "A worker of this conversion went silent and was replaced; publishing waits until it must have stopped writing.",
                Since = since,
                Until = until,
            },
        };
}
