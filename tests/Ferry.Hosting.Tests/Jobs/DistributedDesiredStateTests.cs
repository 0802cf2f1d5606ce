using System.Diagnostics;
using Ferry.Hosting.Jobs;
using Ferry.Hosting.Tests.Support;

namespace Ferry.Hosting.Tests.Jobs;

/// <summary>On RabbitMQ and MongoDB.</summary>
[Collection(DistributedServices.Collection)]
public sealed class DistributedDesiredStateTests(DistributedServices services) : DesiredStateTests(new Transport(services))
{
    [Fact]
    public async Task RunningJob_IsCancelledInAboutASecond_ByAnotherProcess()
    {
        using var transport = new Transport(services);
        transport.Settings["Ferry:Jobs:LeaseSeconds"] = "60";
        transport.Settings["Ferry:Jobs:RenewSeconds"] = "20";
        var conversion = Guid.NewGuid();
        var started = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var one = await TestHost.StartAsync(transport, new Script { Run = Script.UntilStopped(_ => started.SetResult(1)) });
        await using var two = await TestHost.StartAsync(transport, new Script { Run = Script.UntilStopped(_ => started.SetResult(2)) });
        await Eventually.GetAsync(() => Task.FromResult((one.Health, two.Health)), health => health is ("Healthy", "Healthy"), "both are connected");
        await one.SubmitAsync(conversion);
        var runner = await started.Task.WaitAsync(TestContext.Current.CancellationToken);

        var clock = Stopwatch.StartNew();
        await (runner == 1 ? two : one).Jobs.SetDesiredAsync(conversion, DesiredState.Cancel, TestContext.Current.CancellationToken);
        await one.JobAsync(conversion, job => job.State is JobState.Cancelled, "the job is cancelled");

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(3));
    }
}
