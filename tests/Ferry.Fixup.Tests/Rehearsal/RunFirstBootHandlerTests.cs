using Ferry.Contracts.Conversions;
using Ferry.Contracts.Fixup;
using Ferry.Fixup.Appliance;
using Ferry.Fixup.Rehearsal;
using Ferry.Fixup.Rehearsal.FirstBoot;
using Ferry.Fixup.Tests.Engine;
using Ferry.Fixup.Tests.Job;
using Ferry.Hosting.Jobs;
using Ferry.Testing;
using Microsoft.Extensions.Options;

namespace Ferry.Fixup.Tests.Rehearsal;

/// <summary>What does not end well keeps nothing, and the machine goes on with its first boot at the target.</summary>
public sealed class RunFirstBootHandlerTests : IDisposable
{
    private readonly FakeRun _run = new();
    private readonly OneCollection<FirstBootCommit> _documents = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task Run_NothingWaits_StartsNothing()
    {
        var machine = new FakeMachine();
        var job = await JobAsync("linux-nic-names");
        var done = (FirstBootRan)await Handler(machine).RunAsync(job, Token);
        Assert.Equal(job.Command.Manifests, done.Manifests);
        Assert.Null(machine.Started);
        Assert.Null(done.Run);
        Assert.Empty(done.Findings);
    }

    [Fact]
    public async Task Run_Panics_LeavesItToTheTarget()
    {
        var machine = new FakeMachine(FakeMachine.Says("web login: "), FakeMachine.Says("[  9.9] Kernel panic - not syncing: Attempted to kill init!"));
        await AssertLeftAsync(machine, "panicked", "Attempted to kill init!");
        Assert.Equal("ferry-first-boot", machine.Started!.AssetTag);
    }

    [Fact]
    public Task Run_NotOffInTime_LeavesItToTheTarget() => AssertLeftAsync(new FakeMachine(FakeMachine.Says("web login: ")), "unknown", "when the time was up");

    [Fact]
    public async Task Run_MachineThatCannotBeStartedHere_LeavesItToTheTarget()
    {
        var machine = new FakeMachine { Fault = new RehearsalException(RehearsalException.NotStarted, "no QEMU") };
        await AssertLeftAsync(machine, verdict: null, "no QEMU");
    }

    [Fact]
    public async Task Run_LeaseLost_CommitsNothing()
    {
        var machine = new FakeMachine(new MachineObservation { PoweredOff = true });
        var job = await JobAsync();
        job.OnFaultPoint = (name, _) => _ = name == "firstBoot.ended" ? throw new LeaseLostException("job-1", 1) : 0;
        await Assert.ThrowsAsync<LeaseLostException>(() => _run.PassAsync(machine, Handler(machine).RunAsync(job, Token)));
        Assert.Empty(_documents.Documents);
        Assert.Empty(_run.Left);
    }

    [Fact]
    public async Task Run_CommittedBefore_IsTakenWhileItsChunksAreThere()
    {
        var machine = new FakeMachine();
        var job = await JobAsync();
        var run = new RehearsalReport { Verdict = "unknown", Sign = "powered-off", Quote = "", Seconds = 1, Acceleration = "tcg", Machine = "", Differences = [], FailedUnits = [], SerialLines = [] };
        var id = FirstBootCommit.IdOf(job.Command);
        await _documents.TryInsertAsync(new FirstBootCommit { Id = id, Manifests = job.Command.Manifests, Run = run }, Token);
        var done = (FirstBootRan)await Handler(machine).RunAsync(job, Token);
        Assert.Equal("powered-off", done.Run!.Sign);
        Assert.Null(machine.Started);

        _documents.Documents[id].Manifests = [new string('0', 64)];
        Assert.Single(((FirstBootRan)await _run.PassAsync(machine, Handler(machine).RunAsync(job, Token))).Findings);
        Assert.NotNull(machine.Started);
        Assert.Empty(_documents.Documents);
    }

    private async Task AssertLeftAsync(FakeMachine machine, string? verdict, string why)
    {
        var job = await JobAsync();
        var done = (FirstBootRan)await _run.PassAsync(machine, Handler(machine).RunAsync(job, Token));
        Assert.Equal(job.Command.Manifests, done.Manifests);
        Assert.Equal(verdict, done.Run?.Verdict);
        var finding = Assert.Single(done.Findings);
        Assert.Equal("GUEST_FIRST_BOOT_AT_TARGET", finding.Id);
        Assert.Contains(why, finding.Message, StringComparison.Ordinal);
        Assert.Empty(_documents.Documents);
        Assert.Empty(_run.Left);
        Assert.Empty(job.Ledger);
    }

    private RunFirstBootHandler Handler(FakeMachine machine)
    {
        var options = new RehearsalOptions { FirstBootTimeout = TimeSpan.FromSeconds(30) };
        return new RunFirstBootHandler(
            _run.Manifests, _run.Origin, _documents, new RehearsalEngine(machine, options, _run.Time), SampleGuest.Engine(), Options.Create(new ApplianceOptions { ScratchRoot = _run.Scratch }));
    }

    private async Task<FakeJobContext<RunFirstBoot>> JobAsync(string rule = "linux-first-boot")
    {
        var command = new RunFirstBoot
        {
            ConversionId = Guid.NewGuid(),
            Attempt = 1,
            Target = "kvm",
            Machine = SampleGuest.Machine,
            Guest = new GuestReport { Family = "linux", Distribution = "debian", Version = "12", Changes = [new GuestChange { Rule = rule, Path = "/x", Summary = "" }] },
            Manifests = [await _run.Origin.ManifestAsync(_run.Manifests, Token)],
        };
        return new FakeJobContext<RunFirstBoot>(command.ConversionId, command);
    }
}
