using Ferry.Testing;

namespace Ferry.EndToEnd.Tests.Distributed;

/// <summary>Waits for metrics at the OTLP receiver of a distributed Ferry.</summary>
internal static class ExportedMetrics
{
    // What a conversion without incidents, limits, uploads, guest and rehearsal does not have, or has only while it runs and a gauge happens to look; the tests of the services have it.
    private static readonly string[] OfIncidents =
    [
        "ferry.appliance.launch.duration", "ferry.rehearsal.duration", "ferry.conversions.active", "ferry.conversions.waiting", "ferry.conversions.waiting.longest", "ferry.job.failures", "ferry.messages.poisoned", "ferry.messages.redelivered",
        "ferry.messages.retries", "ferry.saga.conflicts", "ferry.step.failures", "ferry.store.collected", "ferry.store.collected.bytes", "ferry.store.corrupt", "ferry.transfer.jobs",
        "ferry.transfer.limit", "ferry.upload.chunks", "ferry.upload.received", "dotnet.exceptions",
    ];

    /// <summary>Every metric that docs/telemetry.md describes, and so every one that dashboards and alerts ask for, arrives with its unit.</summary>
    public static async Task AllArriveAsync(DistributedFerry ferry)
    {
        var described = DescribedMetric.Read(await File.ReadAllTextAsync(Path.Combine(FerryRepository.Root, "docs", "telemetry.md"), TestContext.Current.CancellationToken))
            .Where(metric => !OfIncidents.Contains(metric.Name))
            .Select(metric => (metric.Name, metric.Unit))
            .ToList();
        Assert.True(described.Count > 20, "The page was not understood.");
        await ArriveAsync(() => described.Except(ferry.Telemetry.Metrics.Select(metric => (metric.Name, metric.Unit))).Select(metric => $"{metric.Name} in {metric.Unit}"));
    }

    /// <summary>Metrics arrive from the services that have to send them.</summary>
    public static Task ArriveAsync(DistributedFerry ferry, params ReceivedMetric[] expected) =>
        ArriveAsync(() => expected.Except(ferry.Telemetry.Metrics).Select(metric => metric.ToString()));

    // Gauges are looked at every 15 s.
    private static async Task ArriveAsync(Func<IEnumerable<string>> missing)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        for (var i = 0; i < 120 && missing().Any(); i++)
        {
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        Assert.Empty(missing());
    }
}
