using System.Diagnostics;
using Microsoft.Extensions.Hosting;

namespace Ferry.Hosting;

/// <summary>
/// Work that a process does again and again, at its start and then at an interval, until it stops; it belongs to no trace. A round that fails is told, and the next one tries
/// again: store and broker come back. Rounds follow each other and never overlap.
/// </summary>
/// <param name="interval">From the beginning of a round to that of the next.</param>
/// <param name="time">Clock.</param>
public abstract class RepeatedService(TimeSpan interval, TimeProvider time) : BackgroundService
{
    /// <summary>The clock.</summary>
    protected TimeProvider Time { get; } = time;

    /// <summary>One round.</summary>
    /// <param name="first">Whether no round of this process has succeeded yet.</param>
    /// <param name="stoppingToken">The process stops.</param>
    protected abstract Task RoundAsync(bool first, CancellationToken stoppingToken);

    /// <summary>Tells that a round failed.</summary>
    protected abstract void RoundFailed(Exception exception);

    /// <summary>What is to be done when the process stops.</summary>
    protected virtual Task StoppingAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The host starts its services one after the other: the first round must not hold up the rest.
        await Task.Yield();
        Activity.Current = null;
        using var timer = new PeriodicTimer(interval, Time);
        var first = true;
        try
        {
            do
            {
                if (await TryAsync(() => RoundAsync(first, stoppingToken), stoppingToken).ConfigureAwait(false))
                {
                    first = false;
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await TryAsync(StoppingAsync, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task<bool> TryAsync(Func<Task> work, CancellationToken stoppingToken)
    {
        try
        {
            await work().ConfigureAwait(false);
            return true;
        }
#pragma warning disable CA1031 // Whatever it is must not end the process; an answer that timed out is an OperationCanceledException, too.
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            RoundFailed(exception);
            return false;
        }
    }
}
