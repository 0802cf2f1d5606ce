using Ferry.Contracts.Conversions;

namespace Ferry.EndToEnd.Tests.Distributed;

/// <summary>Garbage collection with every service its own process, on RabbitMQ and MongoDB (or its emulator).</summary>
public sealed class DistributedStoreTests
{
    private const int DiskBytes = 6 << 20;

    [Fact]
    public async Task Collection_AfterAConversion_AsksEveryServiceAndKeepsWhatItNeeds()
    {
        await using var ferry = await DistributedFerry.StartAsync();
        var disk = Path.Combine(Directory.CreateDirectory(ferry.File("web")).FullName, "disk.img");
        var bytes = new byte[DiskBytes];
        new Random(7).NextBytes(bytes);
        await File.WriteAllBytesAsync(disk, bytes, TestContext.Current.CancellationToken);
        await using var web = await FolderWebServer.StartAsync(ferry.File("web"));
        var id = await ferry.SubmitAsync(new ConversionRequest
        {
            Source = web.Url("disk.img"), SourceFormat = "raw", Target = "hyperv", Output = ferry.File("out"), Fixup = false,
        });
        var view = await ferry.WaitAsync(id);
        Assert.True(view.State == "Completed", $"{view.State}: {view.Failure}\n{ferry.Logs()}");

        var collected = await ferry.CollectGarbageAsync();

        Assert.True(collected.State == "Done", $"{collected}\n{ferry.Logs()}");
        Assert.Equal(0, collected.Collection!.CollectedChunks);
        Assert.True(collected.Collection.Mark.ReferencedBytes >= DiskBytes, collected.ToString());
        await ExportedMetrics.ArriveAsync(
            ferry,
            [
                new("ferry-cleanup", "ferry.store.chunks", "{chunk}"), new("ferry-cleanup", "ferry.store.bytes", "By"), new("ferry-cleanup", "ferry.store.garbage", "By"),
                new("ferry-gateway", "http.server.request.duration", "s"), new("ferry-transfer", "http.client.request.duration", "s"), new("ferry-conversion", "ferry.queue.messages", "{message}"),
                .. DistributedFerry.Names.Select(service => new ReceivedMetric($"ferry-{service}", "ferry.process.uptime", "s")),
            ]);
        await ExportedMetrics.AllArriveAsync(ferry);

        // From a point of a dashboard to the conversion that it is about.
        Assert.Contains(("ferry.job.duration", view.TraceId!), ferry.Telemetry.Exemplars);
        Assert.Contains(("ferry.step.duration", view.TraceId!), ferry.Telemetry.Exemplars);
    }
}
