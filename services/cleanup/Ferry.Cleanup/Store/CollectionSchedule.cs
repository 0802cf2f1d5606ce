using Ferry.Hosting;
using Microsoft.Extensions.Options;

namespace Ferry.Cleanup.Store;

/// <summary>Has garbage collected now and then.</summary>
public sealed class CollectionSchedule(StoreTasks tasks, IOptions<CollectionOptions> options, TimeProvider time, ILogger<CollectionSchedule> logger)
    : RepeatedService(TimeSpan.FromMinutes(1), time)
{
    /// <inheritdoc/>
    protected override Task RoundAsync(bool first, CancellationToken stoppingToken) =>
        options.Value.Every == TimeSpan.Zero ? Task.CompletedTask : tasks.ScheduleAsync(options.Value.Every, stoppingToken);

    /// <inheritdoc/>
    protected override void RoundFailed(Exception exception) => Log.StoreTaskBroke(logger, exception, StoreTaskKind.Collection);
}
