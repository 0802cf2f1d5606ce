using Ferry.Chunks.Store;
using Ferry.Hosting;
using Microsoft.Extensions.Options;

namespace Ferry.Cleanup.Store;

/// <summary>
/// Says how much may still be stored, for <c>ferry.store.free</c>. The disk is asked every time; the store is counted, which walks over all of it, some minutes after the start and
/// then every hour, and whenever somebody asks for its statistics.
/// </summary>
public sealed class StoreGauge(StoreStatistics statistics, IOptions<ChunkStoreOptions> options, TimeProvider time, ILogger<StoreGauge> logger)
    : RepeatedService(TimeSpan.FromSeconds(15), time)
{
    private static readonly TimeSpan CountEvery = TimeSpan.FromHours(1);
    private static readonly TimeSpan FirstCount = TimeSpan.FromMinutes(2);
    private readonly long started = time.GetTimestamp();
    private long? countedAt;
    private long used;

    /// <summary>Measures now.</summary>
    public async Task MeasureAsync(CancellationToken cancellationToken)
    {
        if (countedAt is { } at ? Time.GetElapsedTime(at) >= CountEvery : Time.GetElapsedTime(started) >= FirstCount)
        {
            countedAt = Time.GetTimestamp();
            used = (await statistics.GetAsync(cancellationToken)).StoredBytes;
        }

        var path = options.Value.Path;
        var onDisk = new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(Path.GetFullPath(path))! : path).AvailableFreeSpace - options.Value.ReserveBytes;
        var inQuota = options.Value.QuotaBytes > 0 && countedAt is not null ? options.Value.QuotaBytes - used : long.MaxValue;
        StoreTelemetry.RecordFree(Math.Max(0, Math.Min(onDisk, inQuota)));
    }

    /// <inheritdoc/>
    protected override Task RoundAsync(bool first, CancellationToken stoppingToken) => MeasureAsync(stoppingToken);

    /// <inheritdoc/>
    protected override void RoundFailed(Exception exception) => Log.StoreNotMeasured(logger, exception);
}
