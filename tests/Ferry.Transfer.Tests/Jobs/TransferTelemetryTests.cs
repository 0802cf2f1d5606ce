using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Ferry.Contracts.Transfer;
using Ferry.Transfer.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Ferry.Transfer.Tests.Jobs;

/// <summary>What the metrics of transfer jobs say. Instruments belong to the process, so tests beside these count too: at least what happened here is asked for.</summary>
public sealed class TransferTelemetryTests
{
    [Fact]
    public async Task Job_IsCountedInEachOfItsStates_AndWithItsWait()
    {
        var counted = new ConcurrentDictionary<string, long>();
        using var listener = Listen(counted);
        await using var server = await ImageServer.StartAsync(new byte[3 << 20]);
        await using var host = await TransferHost.StartAsync();
        server.Behave = _ => Misbehaviour.Unavailable;

        var job = await host.CreateAsync(server.Location + "disk.raw");
        await host.WaitAsync(job.Id, TransferJobState.TransientError);
        var sweeper = ActivatorUtilities.CreateInstance<TransferSweeper>(host.Services);
        await Eventually.GetAsync(
            async () =>
            {
                await sweeper.SweepAsync(TestContext.Current.CancellationToken);
                listener.RecordObservableInstruments();
                return counted.GetValueOrDefault("ferry.transfer.jobs ferry.state=TransientError ferry.wait.reason=retry");
            },
            count => count >= 1,
            "a job waits for its retry");
        server.Behave = _ => null;
        await host.WaitAsync(job.Id, TransferJobState.Transferred);

        foreach (var state in new[] { "Queued", "Connecting", "Transferring", "Transferred" })
        {
            Assert.True(counted.GetValueOrDefault($"ferry.transfer.changes ferry.state={state} error.type=") >= 1, state);
        }

        Assert.True(counted.Keys.Any(key => key.StartsWith("ferry.transfer.changes ferry.state=TransientError error.type=IMAGE_IO", StringComparison.Ordinal)), string.Join('\n', counted.Keys));
        Assert.True(counted.ContainsKey("ferry.transfer.connections"));
    }

    private static MeterListener Listen(ConcurrentDictionary<string, long> counted)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == TransferTelemetry.SourceName)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, measurement, tags, _) =>
        {
            var key = string.Join(' ', [instrument.Name, .. tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")]);
            counted.AddOrUpdate(key, measurement, (_, sum) => instrument.IsObservable ? measurement : sum + measurement);
        });
        listener.Start();
        return listener;
    }
}
