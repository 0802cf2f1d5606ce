using Ferry.Chunks.Store;
using Ferry.Cleanup.Store;
using Ferry.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Ferry.Cleanup.Tests.Store;

/// <summary>How much may still be stored, as the metric says it.</summary>
public sealed class StoreGaugeTests : IDisposable
{
    private readonly StoreCare care = new();
    private readonly MeterProbe meter = new(StoreTelemetry.SourceName);
    private readonly FakeTimeProvider time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        meter.Dispose();
        care.Dispose();
    }

    [Fact]
    public async Task Free_IsTheDisksWithoutItsReserve_AndTheQuotasRest_WhenTheStoreWasCounted()
    {
        await care.DiskAsync(1, chunks: 40);
        var used = (await care.Chunks.GetStatsAsync(Token)).StoredBytes;
        using var statistics = new StoreStatistics(care.Chunks, care.Tasks, time);
        var options = new ChunkStoreOptions { Path = Path.GetTempPath(), QuotaBytes = used + 1000, ReserveBytes = 0 };
        using var gauge = new StoreGauge(statistics, Options.Create(options), time, NullLogger<StoreGauge>.Instance);

        await gauge.MeasureAsync(Token);
        Assert.True(meter.Sum("ferry.store.free") > used + 1000);
        time.Advance(TimeSpan.FromMinutes(3));
        await gauge.MeasureAsync(Token);
        Assert.Equal((1000, used), (meter.Sum("ferry.store.free"), meter.Sum("ferry.store.bytes")));

        options.ReserveBytes = long.MaxValue / 2;
        await gauge.MeasureAsync(Token);
        Assert.Equal(0, meter.Sum("ferry.store.free"));
    }
}
