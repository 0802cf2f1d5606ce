using Ferry.Chunks;
using Ferry.Contracts.Fixup;
using Ferry.Fixup.Appliance;
using Ferry.Fixup.Rehearsal;
using Ferry.Fixup.Tests.Engine;
using Ferry.Hosting.Jobs;
using Ferry.Testing;
using Microsoft.Extensions.Options;

namespace Ferry.Fixup.Tests.Rehearsal;

/// <summary>The step with a machine that does what it is told: verdict, time limit, cancelling, fencing, and nothing left.</summary>
public sealed class RehearseBootHandlerTests : IDisposable
{
    private readonly FakeRun _run = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task Run_MachineThatBoots_IsReportedWithItsScreen()
    {
        var machine = new FakeMachine(FakeMachine.Says("Linux"), FakeMachine.Says("[FAILED] Failed to start a.service - A.", "web login: "), FakeMachine.Says("[FAILED] Failed to start b.service - B."));
        var job = await JobAsync();

        var done = (BootRehearsed)await _run.PassAsync(machine, Handler(machine).RunAsync(job, Token));

        var report = done.Rehearsal!;
        Assert.Equal(("booted", "login-prompt", "web login:", "tcg"), (report.Verdict, report.Sign, report.Quote, report.Acceleration));
        Assert.Equal(["the last line"], report.SerialLines);
        Assert.Equal(["[FAILED] Failed to start a.service - A.", "[FAILED] Failed to start b.service - B."], report.FailedUnits);
        Assert.Equal("REHEARSAL_UNITS_FAILED", Assert.Single(done.Findings).Id);
        Assert.InRange(report.Seconds, 2, 10);
        Assert.Equal(0x89, await FirstByteAsync(report.ScreenManifest!));
        Assert.True(machine is { Quit: true, Disposed: true });
        Assert.Equal((2, 1024, 1, null), (machine.Started!.Processors, machine.Started.MemoryMiB, machine.Started.Disks.Count, machine.Started.AssetTag));
        Assert.Empty(job.Ledger);
        Assert.Single(job.Recorded);
        Assert.Empty(_run.Left);
    }

    [Fact]
    public async Task Run_MachineThatPanics_IsAFindingWithTheQuote()
    {
        var machine = new FakeMachine(FakeMachine.Says("ALERT!  /dev/sda2 does not exist.  Dropping to a shell!"));
        var done = (BootRehearsed)await _run.PassAsync(machine, Handler(machine).RunAsync(await JobAsync(), Token));
        Assert.Equal("panicked", done.Rehearsal!.Verdict);
        var finding = Assert.Single(done.Findings);
        Assert.Equal("REHEARSAL_PANICKED", finding.Id);
        Assert.Contains("\"ALERT!  /dev/sda2 does not exist.  Dropping to a shell!\"", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_EmulatorIsTooSlowForTheGuestsTimer_IsTriedAgainAndNoPanic()
    {
        var machine = new FakeMachine(FakeMachine.Says("[    0.04] Kernel panic - not syncing: IO-APIC + timer doesn't work!  Boot with apic=debug and send a report."));
        var thrown = await Assert.ThrowsAsync<JobFailedException>(async () => await _run.PassAsync(machine, Handler(machine).RunAsync(await JobAsync(required: true), Token)));
        Assert.Equal(("REHEARSAL_BROKEN", true), (thrown.Failure.Code, thrown.Failure.Retryable));
        Assert.True(machine.Disposed);
        Assert.Empty(_run.Left);
    }

    [Fact]
    public async Task Run_TimeIsUp_IsUnknownWithTheLastLine()
    {
        var machine = new FakeMachine(FakeMachine.Says("[    3.1] random: crng init done"), new MachineObservation());
        var done = (BootRehearsed)await _run.PassAsync(machine, Handler(machine, TimeSpan.FromSeconds(40)).RunAsync(await JobAsync(), Token));
        Assert.Equal(("unknown", null, "[    3.1] random: crng init done"), (done.Rehearsal!.Verdict, done.Rehearsal.Sign, done.Rehearsal.Quote));
        Assert.InRange(done.Rehearsal.Seconds, 40, 50);
        Assert.Equal("REHEARSAL_UNKNOWN", Assert.Single(done.Findings).Id);
        Assert.True(machine.Disposed);
    }

    [Fact]
    public async Task Run_Cancelled_EndsTheMachineAndLeavesNothing()
    {
        using var cancel = new CancellationTokenSource();
        var machine = new FakeMachine();
        var job = await JobAsync();
        job.OnFaultPoint = (name, _) =>
        {
            Assert.Equal("rehearse.started", name);
            cancel.Cancel();
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _run.PassAsync(machine, Handler(machine).RunAsync(job, cancel.Token)));

        Assert.True(machine is { Quit: false, Disposed: true });
        Assert.Empty(_run.Left);
    }

    [Fact]
    public async Task Run_LeaseLost_SaysNothingAndLeavesNothing()
    {
        var machine = new FakeMachine(FakeMachine.Says("web login: "));
        var job = await JobAsync();
        job.OnFaultPoint = (name, _) => _ = name == "rehearse.ended" ? throw new LeaseLostException("job-1", 1) : 0;
        await Assert.ThrowsAsync<LeaseLostException>(() => _run.PassAsync(machine, Handler(machine).RunAsync(job, Token)));
        Assert.True(machine.Disposed);
        Assert.Empty(_run.Left);
    }

    [Theory]
    [InlineData(RehearsalException.NotStarted)]
    [InlineData(RehearsalException.NoFirmware)]
    public async Task Run_MachineThatCannotBeStartedHere_IsAFinding_OrAFailureWhereItIsRequired(string code)
    {
        var machine = new FakeMachine { Fault = new RehearsalException(code, "it is not there") };
        var done = (BootRehearsed)await Handler(machine).RunAsync(await JobAsync(), Token);
        Assert.Null(done.Rehearsal);
        Assert.Equal(code, Assert.Single(done.Findings).Id);

        var required = await JobAsync(required: true);
        var failed = (await Assert.ThrowsAsync<JobFailedException>(() => Handler(machine).RunAsync(required, Token))).Failure;
        Assert.Equal((code, false), (failed.Code, failed.Retryable));
        Assert.NotEmpty(failed.Remedy);
        Assert.Empty(_run.Left);
    }

    [Fact]
    public async Task Run_MachineThatBreaksOff_IsAFinding_OrTriedAgainWhereItIsRequired()
    {
        var machine = new FakeMachine { Fault = new RehearsalException(RehearsalException.Broken, "QEMU ended by itself.") };
        Assert.Equal(RehearsalException.Broken, Assert.Single(((BootRehearsed)await Handler(machine).RunAsync(await JobAsync(), Token)).Findings).Id);

        var job = await JobAsync(required: true);
        Assert.True((await Assert.ThrowsAsync<JobFailedException>(() => Handler(machine).RunAsync(job, Token))).Failure.Retryable);
    }

    private RehearseBootHandler Handler(FakeMachine machine, TimeSpan? limit = null) => new(
        _run.Manifests, _run.Origin, new RehearsalEngine(machine, new RehearsalOptions { Timeout = limit }, _run.Time), Options.Create(new ApplianceOptions { ScratchRoot = _run.Scratch }));

    private async Task<FakeJobContext<RehearseBoot>> JobAsync(bool required = false)
    {
        var manifest = await _run.Origin.ManifestAsync(_run.Manifests, Token);
        var command = new RehearseBoot { ConversionId = Guid.NewGuid(), Attempt = 1, Target = "kvm", Machine = SampleGuest.Machine, Manifests = [manifest], Required = required };
        return new FakeJobContext<RehearseBoot>(command.ConversionId, command);
    }

    private async Task<byte> FirstByteAsync(string root)
    {
        var manifest = await _run.Manifests.OpenAsync(ChunkId.Parse(root), Token);
        var bytes = new byte[manifest.Header.Size];
        await _run.Manifests.Chunks.ReadAsync((await manifest.GetAsync(0, Token)).Id, bytes, Token);
        return bytes[0];
    }
}
