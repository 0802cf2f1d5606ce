using Microsoft.Extensions.Logging;

namespace Ferry.Hosting.Jobs;

/// <summary>Renews the lease of a running job until it has ended, at once when nudged, and stops the handler when the lease is lost or may be soon.</summary>
internal sealed class LeaseKeeper(JobRun run, AsyncSignal nudged, JobOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>Renews until cancelled.</summary>
    public async Task RunAsync(CancellationToken ended)
    {
        var wait = options.Renew;
        while (!ended.IsCancellationRequested && !run.Lost.IsCancellationRequested)
        {
            await nudged.WaitAsync(wait, time, ended).ConfigureAwait(false);
            if (ended.IsCancellationRequested)
            {
                return;
            }

            wait = await RenewAsync(ended).ConfigureAwait(false) ? options.Renew : Soon();
        }
    }

    // Again soon, and not past the moment at which the handler has to stop.
    private TimeSpan Soon()
    {
        var left = options.Surrender - run.SinceRenewal;
        return left > TimeSpan.Zero && left < options.Renew / 4 ? left : options.Renew / 4;
    }

    private async Task<bool> RenewAsync(CancellationToken ended)
    {
        try
        {
            // A store that hangs must not keep the handler at work past its lease.
            var left = options.Surrender - run.SinceRenewal;
            using var timeout = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1), time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, ended);
            await run.RenewAsync(proven: false, either.Token).ConfigureAwait(false);
            return true;
        }
        catch (LeaseLostException)
        {
            Log.LeaseLost(logger, run.Document.Id, run.Document.Epoch);
            return false;
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            return true;
        }
#pragma warning disable CA1031 // Whatever the store throws, the answer is the same: try again while the lease lasts.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.RenewalFailed(logger, exception, run.Document.Id, run.SinceRenewal.TotalSeconds);
            if (run.SinceRenewal >= options.Surrender)
            {
                run.Stop(StopReason.LeaseLost);
                Log.LeaseLost(logger, run.Document.Id, run.Document.Epoch);
            }

            return false;
        }
    }
}
