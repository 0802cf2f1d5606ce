using Ferry.Contracts;
using Ferry.Contracts.Capture;
using Ferry.Contracts.Conversion;
using Ferry.Contracts.Conversions;
using Ferry.Contracts.Jobs;
using Ferry.Orchestrator.DeadLetters;
using Ferry.Orchestrator.Tests.Support;
using Ferry.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using static Ferry.Orchestrator.Tests.Support.OrchestratorHost;

namespace Ferry.Orchestrator.Tests;

/// <summary>What the orchestrator measures.</summary>
public sealed class MetricsTests : IAsyncLifetime
{
    private readonly MeterProbe meter = new(OrchestratorTelemetry.Name);
    private OrchestratorHost ferry = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => ferry = await StartAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        meter.Dispose();
        await ferry.DisposeAsync();
    }

    [Fact]
    public async Task Conversions_AreCountedByWhatTheyWaitFor_WhileTheyDo()
    {
        using var gauge = ferry.NewGauge();
        await gauge.StartAsync(Stop);
        var waiting = await ferry.SubmitAsync();
        var paused = await ferry.SubmitAsync();
        await ferry.Conversions.PauseAsync(paused.ConversionId, Stop);
        await ferry.InStateAsync(paused.ConversionId, "Paused");
        await ProgressAsync(waiting, new WaitingFor { Reason = "space", Detail = "The store is full.", Since = TimeProvider.System.GetUtcNow().AddMinutes(-10) });
        await WaitsForAsync(waiting.ConversionId, "space");

        await gauge.CountAsync(Stop);
        var seen = meter.Observe();
        Assert.Equal(1, seen["ferry.conversions.active ferry.state=Paused"]);
        Assert.Equal((1, 1), (seen["ferry.conversions.waiting ferry.wait.reason=space"], seen["ferry.conversions.waiting ferry.wait.reason=paused"]));
        Assert.InRange(seen["ferry.conversions.waiting.longest ferry.wait.reason=space"], 600, 700);

        await ProgressAsync(waiting, null);
        await WaitsForAsync(waiting.ConversionId, null);
        await gauge.CountAsync(Stop);
        Assert.DoesNotContain("ferry.conversions.waiting ferry.wait.reason=space", meter.Observe().Keys);

        // A wait of a step that has ended says nothing any more.
        await ProgressAsync(waiting, new WaitingFor { Reason = "space", Detail = "The store is full.", Since = TimeProvider.System.GetUtcNow() });
        await WaitsForAsync(waiting.ConversionId, "space");
        await ferry.AnswerAsync(Captured(waiting, false));
        await ferry.Sent.NextAsync<CheckTarget>();
        await gauge.CountAsync(Stop);
        await gauge.CountAsync(Stop);
        Assert.DoesNotContain("ferry.conversions.waiting ferry.wait.reason=space", meter.Observe().Keys);
        await gauge.StopAsync(Stop);
    }

    [Fact]
    public async Task FailedStep_IsCountedWithItsCode()
    {
        var capture = await ferry.SubmitAsync();
        await ferry.AnswerAsync(Failed(capture.ConversionId, "capture"));
        await ferry.InStateAsync(capture.ConversionId, "Compensating");

        Assert.True(meter.Sum("ferry.step.failures ferry.step=capture error.type=TEST") >= 1);
    }

    [Fact]
    public async Task DeadLetters_AreCounted()
    {
        var letter = new MessagePoisoned
        {
            Queue = "convert-disk", MessageId = Guid.NewGuid(), Type = "unknown", Reason = "NoConsumer", FailedAt = TimeProvider.System.GetUtcNow(),
        };
        await ferry.DeadLetters.KeepAsync(letter, Stop);

        using var gauge = new DeadLettersGauge(ferry.DeadLetters, TimeProvider.System, NullLogger<DeadLettersGauge>.Instance);
        await gauge.CountAsync(Stop);

        Assert.True(meter.Sum("ferry.messages.dead") >= 1);
    }

    private Task ProgressAsync(CaptureMachine command, WaitingFor? waitingFor) => ferry.AnswerAsync(new StepProgressed
    {
        ConversionId = command.ConversionId, Attempt = command.Attempt, Epoch = 1,
        Progress = new DiskProgress { Step = "capture", BytesDone = 0, BytesTotal = 0, WaitingFor = waitingFor },
    });

    private async Task WaitsForAsync(Guid id, string? reason)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var i = 0; i < 500; i++)
        {
            var view = (await ferry.Conversions.GetAsync(id, Stop))!;
            if (view.WaitingFor?.Reason == reason && view.Progress.Count > 0)
            {
                return;
            }

            await timer.WaitForNextTickAsync(Stop);
        }

        Assert.Fail($"The conversion does not wait for {reason ?? "nothing"}.");
    }
}
