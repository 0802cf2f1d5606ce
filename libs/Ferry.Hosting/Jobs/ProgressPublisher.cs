using Ferry.Contracts.Conversions;
using Ferry.Contracts.Jobs;
using Ferry.Hosting.Outbox;

namespace Ferry.Hosting.Jobs;

/// <summary>Publishes how far a job is, at most once a second and only when it has changed. Such an event may be lost.</summary>
internal sealed class ProgressPublisher(JobRun run, IMessageSender sender, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Publishes until cancelled.</summary>
    public async Task RunAsync(CancellationToken ended)
    {
        var published = run.Progress;
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(ended).ConfigureAwait(false))
            {
                if (run.Progress is { } progress && progress != published)
                {
                    published = progress;
                    await PublishAsync(progress, ended).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The job has ended; its own event says the rest.
        }
    }

    /// <summary>Publishes one state of progress.</summary>
    public Task PublishAsync(DiskProgress progress, CancellationToken cancellationToken) => sender.HintAsync(
        new StepProgressed
        {
            ConversionId = run.Document.ConversionId,
            Attempt = run.Document.Attempt,
            Epoch = run.Document.Epoch,
            Progress = progress,
        },
        cancellationToken);
}
