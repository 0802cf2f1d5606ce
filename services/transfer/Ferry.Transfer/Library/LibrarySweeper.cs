using Ferry.Hosting;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Library;
using Ferry.Transfer.Jobs;

namespace Ferry.Transfer.Library;

/// <summary>
/// Goes on with what a crash or a lost message left: asks again, at start and after half a minute of silence; deletes what was taken out of the library and not deleted, and the
/// folders of jobs that were given up.
/// </summary>
public sealed class LibrarySweeper(
    LibraryShare library, LibraryEntries entries, LibraryAdding adding, LibraryVerifications verifications, TransferJobStore jobs, TimeProvider time, ILogger<LibrarySweeper> logger)
    : RepeatedService(TimeSpan.FromSeconds(10), time)
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    /// <summary>One round.</summary>
    /// <param name="first">Whether it is the first of this process: then everything is asked again at once.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task SweepAsync(bool first, CancellationToken cancellationToken)
    {
        foreach (var entry in await entries.Documents.QueryAsync(DocumentQuery.All, cancellationToken))
        {
            await TryAsync(entry.Name, () => LookAsync(entry, first, cancellationToken), cancellationToken);
        }

        await TryAsync("verifications", () => verifications.SubmitMissingAsync(cancellationToken), cancellationToken);
        foreach (var path in library.TakenOut())
        {
            await TryAsync(path, () => EmptyAsync(path), cancellationToken);
        }

        foreach (var (id, path) in library.Growing(MachinePublishing.Kind))
        {
            var job = await jobs.Documents.GetAsync(TransferJobDocument.IdOf(id), cancellationToken);
            if (job is null && first)
            {
                // Perhaps another installation's that has the same share.
                Log.UnknownFolder(logger, path);
            }
            else if (job is { UnfinishedCall: false } && TransferTransitions.IsFinal(job.State))
            {
                await TryAsync(path, () => EmptyAsync(path), cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    protected override Task RoundAsync(bool first, CancellationToken stoppingToken) => SweepAsync(first, stoppingToken);

    /// <inheritdoc/>
    protected override void RoundFailed(Exception exception) => Log.SweepFailed(logger, exception, "*");

    private async Task LookAsync(LibraryEntryDocument entry, bool first, CancellationToken cancellationToken)
    {
        if (entry.State is LibraryEntryState.Listing or LibraryEntryState.Removing)
        {
            if (first || Time.GetUtcNow() - entry.ChangedAt > Silence)
            {
                await entries.ChangeAsync(entry.RequestId, entry.State, document => document.Ask(library.Of(document.Name), Time.GetUtcNow()), cancellationToken);
            }
        }
        else if (entry.State is LibraryEntryState.Transferring && await adding.IsOverAsync(entry, cancellationToken))
        {
            await entries.ForgetAsync(entry, cancellationToken);
        }
    }

    private Task EmptyAsync(string path)
    {
        library.Empty(path);
        return Task.CompletedTask;
    }

    private async Task TryAsync(string what, Func<Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work();
        }
#pragma warning disable CA1031 // One thing that cannot be done must not keep the others from being done.
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.SweepFailed(logger, exception, what);
        }
    }
}
