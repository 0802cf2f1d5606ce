using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ferry.Hosting.Outbox;

/// <summary>Sends what a crash between the write and the send left behind.</summary>
internal sealed class OutboxSweeper(
    IEnumerable<OutboxSource> sources,
    OutboxDispatcher dispatcher,
    IOptions<OutboxOptions> options,
    TimeProvider time,
    ILogger<OutboxSweeper> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var all = sources.ToArray();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.SweepSeconds), time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                foreach (var source in all)
                {
                    await SweepAsync(source, stoppingToken).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops; the next one sweeps.
        }
    }

    private async Task SweepAsync(OutboxSource source, CancellationToken stoppingToken)
    {
        try
        {
            await source.SweepAsync(dispatcher, time.GetUtcNow() - TimeSpan.FromSeconds(options.Value.MinAgeSeconds), logger, stoppingToken).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The store may be away for a while; the next round tries again.
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.SweepFailed(logger, exception, source.Name);
        }
    }
}
