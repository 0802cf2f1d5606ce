using System.Diagnostics;
using System.Text.Json;
using Ferry.Contracts.Jobs;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Outbox;

namespace Ferry.Hosting.Jobs;

/// <summary>The jobs of one service, on its document collection.</summary>
internal sealed class JobQueue(ServiceDocuments documents, ServiceJobs kinds, JobSignals signals, OutboxDispatcher dispatcher, IMessageSender sender, TimeProvider time) : IJobQueue
{
    private const int NormalPriority = 2;

    /// <inheritdoc/>
    public Task SubmitAsync<TCommand>(JobKey key, TCommand command, CancellationToken cancellationToken) where TCommand : class =>
        SubmitAsync(key, command, NormalPriority, cancellationToken);

    /// <inheritdoc/>
    public async Task SubmitAsync<TCommand>(JobKey key, TCommand command, int priority, CancellationToken cancellationToken) where TCommand : class
    {
        var job = new JobDocument
        {
            Id = key.ToString(),
            Kind = kinds.For(typeof(TCommand)).Name,
            ConversionId = key.ConversionId,
            Step = key.Step,
            Attempt = key.Attempt,
            Disk = key.Disk,
            Priority = priority,
            Command = JsonSerializer.SerializeToElement(command, DocumentJson.Options),
            ClaimableAt = await documents.NowAsync(cancellationToken).ConfigureAwait(false),
            TraceParent = Activity.Current?.Id,
            CreatedAt = time.GetUtcNow(),
        };
        if (!await documents.Jobs.TryInsertAsync(job, cancellationToken).ConfigureAwait(false))
        {
            await RepeatOutcomeAsync(job.Id, cancellationToken).ConfigureAwait(false);
        }
        else if (await documents.Holds.GetAsync(HoldId(key.ConversionId), cancellationToken).ConfigureAwait(false) is { Held: true } && job.Kind != kinds.Release?.Name)
        {
            // Whoever holds writes the hold first and looks for jobs then; here the job is written first: one of the two sees the other.
            await SetDesiredAsync(job.Id, DesiredState.Suspend, cancellationToken).ConfigureAwait(false);
        }

        signals.WakeWorkers(documents.Service);
    }

    /// <inheritdoc/>
    public async Task<int> SetDesiredAsync(Guid conversionId, DesiredState desired, CancellationToken cancellationToken)
    {
        var changed = 0;
        foreach (var job in await GetJobsAsync(conversionId, cancellationToken).ConfigureAwait(false))
        {
            if (!job.Ended && job.Kind != kinds.Release?.Name && await SetDesiredAsync(job.Id, desired, cancellationToken).ConfigureAwait(false))
            {
                changed++;
            }
        }

        if (changed > 0)
        {
            signals.Nudge(conversionId);
            await sender.HintAsync(new JobsNudged { ConversionId = conversionId }, cancellationToken).ConfigureAwait(false);
        }

        return changed;
    }

    /// <inheritdoc/>
    public async Task HoldAsync(Guid conversionId, int revision, bool held, CancellationToken cancellationToken)
    {
        var id = HoldId(conversionId);
        while (true)
        {
            var hold = await documents.Holds.GetAsync(id, cancellationToken).ConfigureAwait(false);
            if (hold is not null && hold.Revision >= revision)
            {
                if (hold.Revision > revision)
                {
                    return;
                }

                break;
            }

            var written = hold is null
                ? await documents.Holds.TryInsertAsync(new HoldDocument { Id = id, Revision = revision, Held = held }, cancellationToken).ConfigureAwait(false)
                : await documents.Holds.TryReplaceAsync(
                    new HoldDocument { Id = id, Version = hold.Version, Revision = revision, Held = held }, cancellationToken).ConfigureAwait(false);
            if (written)
            {
                break;
            }
        }

        await SetDesiredAsync(conversionId, held ? DesiredState.Suspend : DesiredState.Run, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<JobDocument>> GetJobsAsync(Guid conversionId, CancellationToken cancellationToken) =>
        [.. (await documents.Jobs.QueryAsync(DocumentQuery.Where("conversionId", conversionId), cancellationToken).ConfigureAwait(false)).OrderBy(job => job.CreatedAt)];

    /// <inheritdoc/>
    public async Task WakeAsync(JobKey key, CancellationToken cancellationToken)
    {
        var id = key.ToString();
        while (await documents.Jobs.GetAsync(id, cancellationToken).ConfigureAwait(false) is { Ended: false } job)
        {
            job.Wakes++;
            if (job.State is JobState.Queued)
            {
                job.ClaimableAt = await documents.NowAsync(cancellationToken).ConfigureAwait(false);
            }

            if (await documents.Jobs.TryReplaceAsync(job, cancellationToken).ConfigureAwait(false))
            {
                signals.WakeWorkers(documents.Service);
                return;
            }
        }
    }

    /// <inheritdoc/>
    public async Task ForgetSlicesAsync(JobKey key, CancellationToken cancellationToken) =>
        await documents.Slices.DeleteManyAsync(DocumentQuery.Where("jobId", key.ToString()), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async Task ForgetEndedAsync(Guid conversionId, CancellationToken cancellationToken)
    {
        foreach (var state in new[] { JobState.Succeeded, JobState.Failed, JobState.Cancelled })
        {
            await documents.Jobs.DeleteManyAsync(
                DocumentQuery.Where("conversionId", conversionId).And("state", state).And("hasPending", false), cancellationToken).ConfigureAwait(false);
        }
    }

    internal static string HoldId(Guid conversion) => conversion.ToString("N");

    private async Task<bool> SetDesiredAsync(string id, DesiredState desired, CancellationToken cancellationToken)
    {
        while (await documents.Jobs.GetAsync(id, cancellationToken).ConfigureAwait(false) is { Ended: false } job)
        {
            if (job.Desired == desired || job.Desired is DesiredState.Cancel)
            {
                // Cancelling is final: a late pause or resumption does not bring a job back.
                return job.Desired == desired;
            }

            job.Desired = desired;
            (job.State, job.ClaimableAt) = (job.State, desired) switch
            {
                (JobState.Queued or JobState.Suspended, DesiredState.Cancel) => (JobState.Cancelled, DateTimeOffset.MaxValue),
                (JobState.Queued, DesiredState.Suspend) => (JobState.Suspended, DateTimeOffset.MaxValue),
                (JobState.Suspended, DesiredState.Run) => (JobState.Queued, await documents.NowAsync(cancellationToken).ConfigureAwait(false)),
                _ => (job.State, job.ClaimableAt),
            };
            if (await documents.Jobs.TryReplaceAsync(job, cancellationToken).ConfigureAwait(false))
            {
                return true;
            }
        }

        return false;
    }

    // The command came again after the end: whoever sent it has not seen the result.
    private async Task RepeatOutcomeAsync(string id, CancellationToken cancellationToken)
    {
        while (await documents.Jobs.GetAsync(id, cancellationToken).ConfigureAwait(false) is { Ended: true, Outcome: { } outcome } job)
        {
            if (job.Pending.Any(message => message.MessageId == outcome.MessageId))
            {
                await dispatcher.DispatchAsync(documents.Jobs, job, cancellationToken).ConfigureAwait(false);
                return;
            }

            job.Pending.Add(outcome with { CreatedAt = time.GetUtcNow() });
            if (await documents.Jobs.TryReplaceAsync(job, cancellationToken).ConfigureAwait(false))
            {
                await dispatcher.DispatchAsync(documents.Jobs, job, cancellationToken).ConfigureAwait(false);
                return;
            }
        }
    }
}
