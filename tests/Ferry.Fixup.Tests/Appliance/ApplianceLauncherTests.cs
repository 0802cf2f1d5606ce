using System.Collections.Concurrent;
using System.Diagnostics;
using Ferry.Fixup.Appliance;
using Ferry.Fixup.Tests.Engine;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ferry.Fixup.Tests.Appliance;

/// <summary>What the probe cannot see: an appliance that does not start with KVM although QEMU came up with it.</summary>
public sealed class ApplianceLauncherTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_QemuAbortsWithKvm_RunsWithoutAndStaysSo()
    {
        SampleGuest.Disk();
        var qemu = await FakeProgram.WriteAsync(_folder.Path, "qemu", "case \"$*\" in *accel=kvm*-cpu*) kill -ABRT $$ ;; esac; exec qemu-system-x86_64 \"$@\"");
        var options = new ApplianceOptions();
        new[] { "env", "LIBGUESTFS_HV=" + qemu.Path, SampleGuest.Options().WorkerCommand[0] }.ToList().ForEach(options.WorkerCommand.Add);
        var host = await HostWithKvmAsync(options);
        var disk = Path.Combine(_folder.Path, "blank.raw");
        await SampleGuest.RunAsync("truncate", "-s", "64M", disk);
        using var step = new Activity("step").Start();
        var spans = new ConcurrentQueue<Activity>();
        using var listener = Listen(spans, step);

        await using var session = await new ApplianceLauncher(options, host, TimeProvider.System).StartAsync(_folder.Path, [new ApplianceDisk(disk, "raw", ReadOnly: true)], Token);

        Assert.Equal(["/dev/sda"], (await session.CallAsync("devices", [], Token)).Values);
        Assert.Equal(["kvm", "tcg"], spans.Select(s => s.GetTagItem("ferry.appliance.acceleration")));
        Assert.Equal([ActivityStatusCode.Error, ActivityStatusCode.Unset], spans.Select(s => s.Status));
        Assert.Equal("tcg", step.GetTagItem("ferry.appliance.acceleration"));
        Assert.Equal(Acceleration.Tcg, await host.GetAsync(Token));
    }

    [Fact]
    public async Task Start_FailsEitherWay_IsNotHeldAgainstKvm()
    {
        var worker = await FakeProgram.WriteAsync(_folder.Path, "worker", "echo broken >&2; exit 1");
        var options = new ApplianceOptions();
        options.WorkerCommand.Add(worker.Path);
        var host = await HostWithKvmAsync(options);

        var thrown = await Assert.ThrowsAsync<ApplianceException>(() => new ApplianceLauncher(options, host, TimeProvider.System).StartAsync(_folder.Path, [], Token));

        Assert.Equal(ApplianceException.NotStarted, thrown.Code);
        Assert.Contains("broken", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(2, worker.Calls.Count);
        Assert.Equal(Acceleration.Kvm, await host.GetAsync(Token));
    }

    [Fact]
    public async Task Start_HangsWithKvm_IsTriedWithoutWhenTheTimeIsUp()
    {
        var worker = await FakeProgram.WriteAsync(_folder.Path, "worker", "mkdir \"$0.first\" && exec sleep 600; exit 1");
        var options = new ApplianceOptions { KvmLaunchTimeout = TimeSpan.FromSeconds(1) };
        options.WorkerCommand.Add(worker.Path);

        var thrown = await Assert.ThrowsAsync<ApplianceException>(
            async () => await new ApplianceLauncher(options, await HostWithKvmAsync(options), TimeProvider.System).StartAsync(_folder.Path, [], Token));

        Assert.Equal(ApplianceException.NotStarted, thrown.Code);
        Assert.Equal(2, worker.Calls.Count);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>A host on which the probe passes.</summary>
    private async Task<HostAcceleration> HostWithKvmAsync(ApplianceOptions options)
    {
        var probed = await FakeProgram.WriteAsync(_folder.Path, "probed", "exit 0");
        return new HostAcceleration(options, new KvmProbe("/dev/null", probed.Path, TimeProvider.System), NullLogger<HostAcceleration>.Instance);
    }

    private static ActivityListener Listen(ConcurrentQueue<Activity> spans, Activity step)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == FixupTelemetry.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                if (span.TraceId == step.TraceId)
                {
                    spans.Enqueue(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
