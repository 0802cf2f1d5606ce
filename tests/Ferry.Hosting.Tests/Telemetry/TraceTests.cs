using System.Collections.Concurrent;
using System.Diagnostics;
using Ferry.Hosting.Tests.Support;

namespace Ferry.Hosting.Tests.Telemetry;

/// <summary>One trace from the command to the event.</summary>
public abstract class TraceTests(Transport transport) : IDisposable
{
    private readonly Guid conversion = Guid.NewGuid();

    public void Dispose()
    {
        transport.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Trace_RunsFromTheCommandThroughTheJobToTheEvent()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name.StartsWith("Ferry.Hosting", StringComparison.Ordinal) || source.Name is "MassTransit" or "Test",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        using var source = new ActivitySource("Test");
        await using var host = await TestHost.StartAsync(transport, new Script());

        string trace;
        using (var root = source.StartActivity("conversion"))
        {
            trace = root!.TraceId.ToHexString();
            var queue = await host.Bus.GetSendEndpoint(new Uri("exchange:clean-up-conversion"));
            await queue.Send(TestHost.Command(conversion), TestContext.Current.CancellationToken);
        }

        var done = await host.Done.FirstAsync(done => done.ConversionId == conversion);
        await host.JobAsync(conversion, job => job.Ended && !job.HasPending, "the event is confirmed");
        Assert.Equal(trace, done.TraceId);
        await Eventually.IsAsync(() => spans.Any(span => IsRun(span, trace)), "the job's span");
        var run = spans.First(span => IsRun(span, trace));
        Assert.Equal(conversion.ToString("N"), run.GetTagItem("ferry.conversion.id"));
        Assert.Equal(1L, run.GetTagItem("ferry.epoch"));
        Assert.Contains(spans, span => span.SpanId == run.ParentSpanId);
    }

    private static bool IsRun(Activity span, string trace) => span.OperationName == "work run" && span.TraceId.ToHexString() == trace;
}
