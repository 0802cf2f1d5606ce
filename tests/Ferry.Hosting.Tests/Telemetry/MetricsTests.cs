using Ferry.Contracts;
using Ferry.Contracts.Capture;
using Ferry.Hosting.Bus;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Jobs;
using Ferry.Hosting.Outbox;
using Ferry.Hosting.Tests.Support;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ferry.Hosting.Tests.Telemetry;

/// <summary>What Hosting measures of jobs, with the bus in memory. Nobody collects here, so the gauges' rounds are made by the tests.</summary>
public sealed class MetricsTests : IDisposable
{
    private readonly Transport transport = new();
    private readonly MeterProbe meter = new("Ferry.Hosting");
    private readonly Guid conversion = Guid.NewGuid();

    public void Dispose()
    {
        meter.Dispose();
        transport.Dispose();
    }

    [Fact]
    public async Task FailedRun_IsCountedWithItsCode_AndTheJobIsAmongThoseThatWait()
    {
        transport.Settings["Ferry:Jobs:RetryBaseSeconds"] = "600";
        var failure = new Failure { Code = "SOURCE_IO", Message = "The source does not answer.", Retryable = true };
        await using var host = await TestHost.StartAsync(transport, new Script { Run = (_, _) => throw new JobFailedException(failure) });
        await host.SubmitAsync(conversion);
        await host.JobAsync(conversion, job => job is { State: JobState.Queued, Retries: 1 }, "the job waits for its retry");

        using var gauge = Gauge(host);
        await gauge.CountAsync(TestContext.Current.CancellationToken);
        var waiting = meter.Observe();

        Assert.True(meter.Sum("ferry.job.failures ferry.step=work error.type=SOURCE_IO") >= 1);
        Assert.Equal(1, waiting["ferry.job.waiting ferry.step=work ferry.wait.reason=retry"]);
        Assert.Equal(0, waiting["ferry.job.waiting ferry.step=work ferry.wait.reason=worker"]);
    }

    [Fact]
    public async Task JobThatNoWorkerTakes_WaitsForAWorker()
    {
        transport.Settings["Ferry:Jobs:MaxConcurrent"] = "1";
        await using var host = await TestHost.StartAsync(transport, new Script { Run = Script.UntilStopped(_ => { }) });
        await host.SubmitAsync(conversion);
        await host.JobAsync(conversion, job => job.State is JobState.Running, "the only worker is busy");
        await host.SubmitAsync(Guid.NewGuid());

        using var gauge = Gauge(host);
        await gauge.CountAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, meter.Observe()["ferry.job.waiting ferry.step=work ferry.wait.reason=worker"]);
    }

    [Fact]
    public async Task JobOfAWorkerThatWentSilent_IsCountedAsTakenOver()
    {
        var runs = 0;
        await using var host = await TestHost.StartAsync(transport, new Script
        {
            Run = async (job, stop) =>
            {
                if (++runs == 1)
                {
                    await new TaskCompletionSource().Task.WaitAsync(stop);
                }

                return Script.Done(job);
            },
        });
        await host.SubmitAsync(conversion);
        await host.JobAsync(conversion, job => job.State is JobState.Running && runs == 1, "it is claimed");

        // A death, as the store sees it: the lease runs out.
        await host.JobDocuments.UpdateFirstAsync(
            DocumentQuery.Where("id", TestHost.Key(conversion).ToString()), DocumentUpdate.Set("claimableAt", DateTimeOffset.UnixEpoch), TestContext.Current.CancellationToken);
        await host.JobAsync(conversion, job => job.State is JobState.Succeeded, "another has done it");

        Assert.True(meter.Sum("ferry.job.takeovers ferry.step=work") >= 1);
        await Eventually.IsAsync(() => meter.Counted.Keys.Any(series => series == "ferry.job.duration ferry.step=work ferry.job.outcome=LeaseLost"), "the first worker has noticed");
    }

    [Fact]
    public async Task MessageThatStaysInItsDocument_IsOverdue()
    {
        await using var host = await TestHost.StartAsync(transport, new Script(), builder =>
        {
            builder.Services.AddSingleton<BusMessageSender>();
            builder.Services.AddSingleton<IMessageSender>(provider => new BrokenSender(provider.GetRequiredService<BusMessageSender>()));
        });
        await host.SubmitAsync(conversion);

        await Eventually.IsAsync(() => meter.Observe().GetValueOrDefault("ferry.outbox.overdue db.collection.name=test.jobs") >= 1, "the sweeper has found it");
    }

    [Fact]
    public async Task Messages_AreTimed_AndTheirRetriesCounted()
    {
        await using var host = await TestHost.StartAsync(transport, new Script(), builder =>
            builder.AddBusParticipant(bus => bus.AddConsumer<FailingConsumer, FailingConsumerDefinition>()));
        await host.Bus.Publish(new CaptureMachine { ConversionId = conversion, Attempt = 1, Source = "/vms/a.vmx" }, TestContext.Current.CancellationToken);
        await host.SubmitAsync(conversion);
        await host.Done.FirstAsync(done => done.ConversionId == conversion);

        await Eventually.IsAsync(() => meter.Sum("ferry.messages.retries messaging.destination.name=capture-machine") >= 1, "it is tried again");
        await Eventually.IsAsync(() => meter.Counted.ContainsKey("ferry.messages.duration messaging.destination.name=test-conversioncleanedup ferry.outcome=done"), "one was handled");
    }

    private static WaitingJobsGauge Gauge(TestHost host) => new(
        host.Services.GetRequiredKeyedService<ServiceDocuments>(TestHost.Service), [TestHost.Step], TimeProvider.System, NullLogger<WaitingJobsGauge>.Instance);
}
