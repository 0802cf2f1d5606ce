using System.Net;
using Ferry.Contracts.Conversions;
using Ferry.EndToEnd.Tests.Embedded;

namespace Ferry.EndToEnd.Tests.Distributed;

/// <summary>The same conversion with every service its own process, compared with the one in a single process.</summary>
public sealed class DistributedConversionTests(EmbeddedConversion embedded)
{
    private static readonly string[] AllServices =
        ["ferry-gateway", "ferry-orchestrator", "ferry-capture", "ferry-transfer", "ferry-fixup", "ferry-conversion", "ferry-cleanup"];

    [Fact]
    public async Task SampleVm_ConvertedByEveryService_IsTheSameMachine_InOneTrace()
    {
        await embedded.ReadyAsync();
        await using var web = await FolderWebServer.StartAsync(Path.GetDirectoryName(FerryRepository.SampleVm)!);
        await using var ferry = await DistributedFerry.StartAsync(
            settings: new Dictionary<string, string?> { ["Fixup__FirstBoot__Folder"] = Path.GetDirectoryName(embedded.FirstBootScript) });
        await EveryRouteNeedsAKeyAsync(ferry);

        await EveryApiIsDocumentedAsync(ferry);

        var id = await ferry.SubmitAsync(new ConversionRequest
        {
            Source = web.Url("debian-sample.vmx"), Target = "hyperv", Output = ferry.File("out"), FirstBoot = [Path.GetFileName(embedded.FirstBootScript)],
        });
        var view = await ferry.WaitAsync(id);
        Assert.True(view.State == "Completed", $"{view.State}: {view.Failure}\n{ferry.Logs()}");
        var report = await ferry.ReportAsync(id);

        // Same captured disk; the fix-up's own chunks differ, as a mounted file system writes times.
        var (here, there) = (report.Disks[0], embedded.Report.Disks[0]);
        Assert.Equal(there.CapturedDigest, here.CapturedDigest);
        var source = await RawDisks.CopyAsync(EmbeddedConversion.SourceImage, "vmdk", ferry.File("source.raw"));
        var target = await RawDisks.CopyAsync(Path.Combine(ferry.File("out"), here.Image), "vhdx", ferry.File("target.raw"));
        Assert.Equal(
            here.ChangedByFixup.SelectMany(range => Enumerable.Range(0, (int)range.Count).Select(i => range.First + i)),
            await RawDisks.DifferentChunksAsync(source, target, here.ChunkSize));
        Assert.Equal(here.ImageDigest, await RawDisks.DigestAsync(target, here.ChunkSize));
        Assert.Equal(await GuestTree.ListAsync(embedded.Image), await GuestTree.ListAsync(Path.Combine(ferry.File("out"), here.Image)));

        await EveryServiceIsInTheTraceAsync(ferry, report.TraceId!);
        await MetricsAsync(ferry);
    }

    /// <summary>Whatever the gateway serves, but health, is refused without a key, whether the path exists or not.</summary>
    private static async Task EveryRouteNeedsAKeyAsync(DistributedFerry ferry)
    {
        string[] paths =
        [
            "/api/v1/conversions", $"/api/v1/conversions/{Guid.NewGuid()}", $"/api/v1/conversions/{Guid.NewGuid()}/report", $"/api/v1/conversions/{Guid.NewGuid()}/cancel",
            "/api/v1/transfers", $"/api/v1/transfers/{Guid.NewGuid()}", "/openapi/v1.json", "/openapi/transfer.json", "/openapi/cleanup.json", "/api/v1/store/stats", "/api/v1/store/gc", "/docs", "/docs/", "/", "/api/v1/none",
        ];
        foreach (var path in paths)
        {
            foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete })
            {
                var answer = await ferry.AnonymousAsync(method, path);
                Assert.True(answer is HttpStatusCode.Unauthorized, $"{method} {path} without a key: {answer}");
            }
        }

        Assert.Equal(HttpStatusCode.OK, await ferry.AnonymousAsync(HttpMethod.Get, "/health/live"));
        Assert.Equal(HttpStatusCode.OK, await ferry.AnonymousAsync(HttpMethod.Get, "/health/ready"));
    }

    /// <summary>Every metric of docs/telemetry.md arrives from the services that it names, with its unit.</summary>
    private static async Task MetricsAsync(DistributedFerry ferry)
    {
        ReceivedMetric[] expected =
        [
            new("ferry-orchestrator", "ferry.conversions.active", "{conversion}"),
            new("ferry-orchestrator", "ferry.conversions.ended", "{conversion}"),
            new("ferry-orchestrator", "ferry.step.duration", "s"),
            new("ferry-capture", "ferry.job.active", "{job}"),
            new("ferry-fixup", "ferry.job.duration", "s"),
            new("ferry-fixup", "ferry.appliance.launch.duration", "s"),
            new("ferry-transfer", "ferry.bytes", "By"),
            new("ferry-conversion", "ferry.bytes", "By"),
        ];
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        for (var i = 0; i < 60 && expected.Except(ferry.Telemetry.Metrics).Any(); i++)
        {
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        Assert.Empty(expected.Except(ferry.Telemetry.Metrics));
    }

    private static async Task EveryApiIsDocumentedAsync(DistributedFerry ferry)
    {
        Assert.Contains("/api/v1/conversions", await ferry.GetAsync("/openapi/v1.json"), StringComparison.Ordinal);
        Assert.Contains("/api/v1/transfers/", await ferry.GetAsync("/openapi/transfer.json"), StringComparison.Ordinal);
        Assert.Contains("/api/v1/store/gc", await ferry.GetAsync("/openapi/cleanup.json"), StringComparison.Ordinal);
        var page = await ferry.GetAsync("/docs");
        Assert.Contains("openapi/v1.json", page, StringComparison.Ordinal);
        Assert.Contains("openapi/transfer.json", page, StringComparison.Ordinal);
    }

    private static async Task EveryServiceIsInTheTraceAsync(DistributedFerry ferry, string traceId)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        for (var i = 0; i < 60; i++)
        {
            var services = ferry.Telemetry.Spans.Where(span => span.TraceId == traceId).Select(span => span.Service).ToHashSet();
            if (AllServices.All(services.Contains))
            {
                // One trace: every span's parent was exported too, but for the root's.
                var spans = ferry.Telemetry.Spans.Where(span => span.TraceId == traceId).ToList();
                var known = spans.Select(span => span.SpanId).ToHashSet();
                Assert.Single(spans, span => span.ParentSpanId.Length == 0);
                Assert.DoesNotContain(spans, span => span.ParentSpanId.Length > 0 && !known.Contains(span.ParentSpanId));
                return;
            }

            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        var seen = ferry.Telemetry.Spans.GroupBy(span => span.TraceId).Select(x => $"{x.Key}: {string.Join(", ", x.Select(span => $"{span.Service} {span.Name}").Distinct())}");
        Assert.Fail($"The trace {traceId} does not run through every service:\n{string.Join('\n', seen)}");
    }
}
