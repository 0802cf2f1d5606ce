using Microsoft.Extensions.Options;

namespace Ferry.Cleanup.Store;

/// <summary>Has garbage collected now and then.</summary>
public sealed class CollectionSchedule(StoreTasks tasks, IOptions<CollectionOptions> options, TimeProvider time, ILogger<CollectionSchedule> logger) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        if (options.Value.Every == TimeSpan.Zero)
        {
            return;
        }

        using var timer = new PeriodicTimer(Look, time);
        do
        {
            try
            {
                await tasks.ScheduleAsync(options.Value.Every, stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Log.StoreTaskBroke(logger, exception, StoreTaskKind.Collection);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
