using Ferry.Contracts;
using Ferry.Contracts.Cleanup;
using Ferry.Contracts.Conversion;
using Ferry.Contracts.Conversions;
using Ferry.Contracts.Fixup;
using Ferry.Contracts.Jobs;
using Ferry.Orchestrator.Tests.Support;
using static Ferry.Orchestrator.Tests.Support.OrchestratorHost;

namespace Ferry.Orchestrator.Tests;

/// <summary>The two starts of a machine before its conversion: only when asked for, and what they decide.</summary>
public sealed class RehearsalFlowTests : IAsyncLifetime
{
    private OrchestratorHost ferry = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => ferry = await StartAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ferry.DisposeAsync();

    [Fact]
    public async Task Report_RehearsesTheFixedManifests_AndGoesOnWhateverTheVerdict()
    {
        var rehearse = await RehearseAsync("report");
        Assert.Equal(("kvm", false, "linux"), (rehearse.Target, rehearse.Required, rehearse.Guest?.Family));
        Assert.Equal(["fixed0"], rehearse.Manifests);
        await ferry.InStateAsync(rehearse.ConversionId, "Rehearsing");
        var finding = new Finding { Id = "REHEARSAL_PANICKED", Severity = FindingSeverity.Warning, Message = "no" };
        await ferry.AnswerTwiceAsync(Rehearsed(rehearse, "panicked") with { Findings = [finding] });

        Assert.Equal("fixed0", (await ferry.Sent.NextAsync<ConvertDisk>()).Manifest);
        var view = await ferry.InStateAsync(rehearse.ConversionId, "Converting");
        Assert.Equal(("panicked", "ALERT! no root"), (view.Rehearsal!.Verdict, view.Rehearsal.Quote));
        Assert.Equal(finding, Assert.Single(view.Findings));
        Assert.Equal("screen0", (await ferry.Conversions.ReportAsync(rehearse.ConversionId, Token))!.Rehearsal!.ScreenManifest);
        Assert.Contains("screen0", await LiveAsync());
    }

    [Theory]
    [InlineData("panicked")]
    [InlineData("unknown")]
    public async Task Require_WhatDoesNotBoot_FailsWithTheQuote_BeforeAnythingIsConverted(string verdict)
    {
        var rehearse = await RehearseAsync("require");
        Assert.True(rehearse.Required);
        await ferry.AnswerAsync(Rehearsed(rehearse, verdict));
        var cleanup = await ferry.Sent.NextAsync<CleanUpConversion>();
        Assert.False(cleanup.KeepProducts);
        await ferry.AnswerAsync(new ConversionCleanedUp { ConversionId = cleanup.ConversionId, Attempt = cleanup.Attempt, Residue = [] });

        var view = await ferry.InStateAsync(rehearse.ConversionId, "Failed");
        Assert.Equal("REHEARSAL_NOT_BOOTED", view.Failure!.Code);
        Assert.Contains("\"ALERT! no root\"", view.Failure.Message, StringComparison.Ordinal);
        Assert.NotEmpty(view.Failure.Remedy);
        Assert.Equal(verdict, view.Rehearsal!.Verdict);
        Assert.Equal(("rehearse", "failed"), (view.Steps[^2].Step, view.Steps[^2].Outcome));
        Assert.True(ferry.Sent.IsEmpty<ConvertDisk>());

        // A retry rehearses again, and this time it boots.
        await ferry.Conversions.RetryAsync(rehearse.ConversionId, Token);
        var again = await ferry.Sent.NextAsync<RehearseBoot>();
        Assert.Equal(2, again.Attempt);
        await ferry.AnswerAsync(Rehearsed(again, "booted"));
        await ferry.Sent.NextAsync<ConvertDisk>();
    }

    [Fact]
    public async Task Require_Booted_GoesOn()
    {
        var rehearse = await RehearseAsync("require");
        await ferry.AnswerAsync(Rehearsed(rehearse, "booted"));
        await ferry.Sent.NextAsync<ConvertDisk>();
    }

    [Fact]
    public async Task Rehearsal_WithoutFixup_IsOfTheCapturedManifests()
    {
        var capture = await ferry.SubmitAsync(new ConversionRequest { Source = "/a.vmx", Target = "kvm", Output = "/out", Fixup = false, Rehearse = "report" });
        await ferry.CaptureAsync(capture, false);
        var rehearse = await ferry.Sent.NextAsync<RehearseBoot>();
        Assert.Equal(["captured0"], rehearse.Manifests);
        Assert.Null(rehearse.Guest);
    }

    [Fact]
    public async Task MachineThatCannotBeStartedHere_FailsOnlyWhereItIsRequired()
    {
        var rehearse = await RehearseAsync("report");
        var finding = new Finding { Id = "REHEARSAL_NOT_STARTED", Severity = FindingSeverity.Warning, Message = "no QEMU" };
        await ferry.AnswerAsync(Rehearsed(rehearse, "booted") with { Rehearsal = null, Findings = [finding] });
        await ferry.Sent.NextAsync<ConvertDisk>();

        var required = await RehearseAsync("require");
        await ferry.AnswerAsync(Failed(required.ConversionId, "rehearse"));
        await ferry.Sent.NextAsync<CleanUpConversion>();
    }

    [Fact]
    public async Task Cancelled_WhileItIsRehearsed_IsCleanedUp()
    {
        var rehearse = await RehearseAsync("report");
        Assert.True(await ferry.Conversions.CancelAsync(rehearse.ConversionId, Token));
        var cleanup = await ferry.Sent.NextAsync<CleanUpConversion>();
        await ferry.AnswerAsync(Rehearsed(rehearse, "booted"));
        await ferry.AnswerAsync(new ConversionCleanedUp { ConversionId = cleanup.ConversionId, Attempt = cleanup.Attempt, Residue = [] });
        await ferry.InStateAsync(rehearse.ConversionId, "Cancelled");
        Assert.True(ferry.Sent.IsEmpty<ConvertDisk>());
    }

    [Fact]
    public async Task Paused_WhileItIsRehearsed_GoesOnInTheSameStep()
    {
        var rehearse = await RehearseAsync("report");
        Assert.True(await ferry.Conversions.PauseAsync(rehearse.ConversionId, Token));
        Assert.True((await ferry.Sent.NextAsync<ConversionHeld>()).Held);
        Assert.True(await ferry.Conversions.ResumeAsync(rehearse.ConversionId, Token));
        Assert.Equal(1, (await ferry.Sent.NextAsync<RehearseBoot>()).Attempt);
    }

    [Fact]
    public async Task FirstBoot_ComesBeforeTheRehearsal_WhichIsOfItsManifests()
    {
        var capture = await ferry.SubmitAsync(new ConversionRequest { Source = "/a.vmx", Target = "kvm", Output = "/out", RunFirstBoot = true, Rehearse = "report" });
        await ferry.CaptureAsync(capture, false);
        await ferry.AnswerAsync(FixedUp(await ferry.Sent.NextAsync<FixUpGuest>()));
        var boot = await ferry.Sent.NextAsync<RunFirstBoot>();
        Assert.Equal(["fixed0"], boot.Manifests);
        await ferry.InStateAsync(capture.ConversionId, "FirstBooting");
        await ferry.AnswerAsync(new FirstBootRan { ConversionId = boot.ConversionId, Attempt = 1, Epoch = 1, Manifests = ["booted0"], Run = Report("unknown"), Findings = [] });

        var rehearse = await ferry.Sent.NextAsync<RehearseBoot>();
        Assert.Equal(["booted0"], rehearse.Manifests);
        await ferry.AnswerAsync(Rehearsed(rehearse, "booted"));
        var convert = await ferry.Sent.NextAsync<ConvertDisk>();
        Assert.Equal(("booted0", "captured0"), (convert.Manifest, convert.CapturedManifest));
        var report = (await ferry.Conversions.ReportAsync(capture.ConversionId, Token))!;
        Assert.Equal(["capture", "preflight", "fixup", "first-boot", "rehearse", "convert"], report.Steps.Select(step => step.Step));
        Assert.Equal("unknown", report.FirstBoot!.Verdict);
    }

    private static BootRehearsed Rehearsed(RehearseBoot command, string verdict) =>
        new() { ConversionId = command.ConversionId, Attempt = command.Attempt, Epoch = 1, Rehearsal = Report(verdict), Findings = [] };

    private static RehearsalReport Report(string verdict) => new()
    {
        Verdict = verdict, Sign = "initramfs-shell", Quote = "ALERT! no root", Seconds = 12, Acceleration = "tcg", Machine = "q35", Differences = [], FailedUnits = [], SerialLines = [], ScreenManifest = "screen0", ScreenBytes = 9,
    };

    private static GuestFixedUp FixedUp(FixUpGuest command) => new()
    {
        ConversionId = command.ConversionId, Attempt = command.Attempt, Epoch = 1, Manifests = ["fixed0"], Findings = [],
        Guest = new GuestReport { Family = "linux", Distribution = "debian", Version = "12", Changes = [] },
    };

    private async Task<IReadOnlyList<string>> LiveAsync()
    {
        await ferry.AnswerAsync(new ListLiveManifests { CollectionId = Guid.NewGuid(), Services = ["orchestrator"] });
        return (await ferry.Sent.NextAsync<LiveManifestsListed>()).Manifests;
    }

    private async Task<RehearseBoot> RehearseAsync(string rehearse)
    {
        var capture = await ferry.SubmitAsync(new ConversionRequest { Source = "/a.vmx", Target = "kvm", Output = "/out", Rehearse = rehearse });
        await ferry.CaptureAsync(capture, false);
        await ferry.AnswerAsync(FixedUp(await ferry.Sent.NextAsync<FixUpGuest>()));
        return await ferry.Sent.NextAsync<RehearseBoot>();
    }
}
