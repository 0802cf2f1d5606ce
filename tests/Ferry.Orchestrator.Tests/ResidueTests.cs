using Ferry.Contracts.Capture;
using Ferry.Contracts.Cleanup;
using Ferry.Orchestrator.Residues;
using Ferry.Orchestrator.Tests.Support;
using static Ferry.Orchestrator.Tests.Support.OrchestratorHost;

namespace Ferry.Orchestrator.Tests;

/// <summary>What services hold for conversions that do not run is found and cleaned up again; what nobody names is only reported.</summary>
public sealed class ResidueTests : IAsyncLifetime
{
    private OrchestratorHost ferry = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => ferry = await StartAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ferry.DisposeAsync();

    [Fact]
    public async Task WhatAFailedConversionHasLeft_IsListed_CleanedUpAgain_AndARetryWaitsForThat()
    {
        var id = await FailAsync("conversion: staging-folder /out/.ferry/1: Permission denied");
        var failed = await ferry.InStateAsync(id, "Failed");
        Assert.Equal("residue: conversion: staging-folder /out/.ferry/1: Permission denied", failed.Ending);
        var left = Assert.Single((await ferry.Residues.ListAsync(Stop)).Residue);
        Assert.Equal((id, "Failed"), (left.ConversionId, left.State));
        Assert.NotEmpty(left.Remedy);

        await ferry.AnswerAsync(Held(id, Now));
        var cleanup = await ferry.Sent.NextAsync<CleanUpConversion>();
        Assert.Equal((id, false), (cleanup.ConversionId, cleanup.KeepProducts));
        Assert.True(cleanup.Attempt > 1);

        // The clean-up stops the conversion's jobs: those of a retry must not be among them.
        await ferry.Conversions.RetryAsync(id, Stop);
        await ferry.AnswerAsync(Held(id, Now));
        Assert.Equal(cleanup, await ferry.Sent.NextAsync<CleanUpConversion>());
        Assert.True(ferry.Sent.IsEmpty<CaptureMachine>());
        await ferry.AnswerAsync(new ConversionCleanedUp { ConversionId = id, Attempt = cleanup.Attempt, Residue = [] });
        Assert.Equal(2, (await ferry.Sent.NextAsync<CaptureMachine>()).Attempt);
        await ferry.InStateAsync(id, "Capturing");
        Assert.DoesNotContain((await ferry.Residues.ListAsync(Stop)).Residue, residue => residue.Service is null);
    }

    [Fact]
    public async Task CleanUpBehindTheEnd_ThatGetsLost_IsAskedForAgain_AndEndsClean()
    {
        var id = await FailAsync("a socket in /tmp");
        await ferry.InStateAsync(id, "Failed");
        await ferry.AnswerAsync(Held(id, Now));
        var cleanup = await ferry.Sent.NextAsync<CleanUpConversion>();
        await ferry.Sweeper.SweepAsync(all: true, Stop);
        Assert.Equal(cleanup, await ferry.Sent.NextAsync<CleanUpConversion>());
        await ferry.AnswerAsync(new ConversionCleanedUp { ConversionId = id, Attempt = cleanup.Attempt, Residue = [] });
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while ((await ferry.InStateAsync(id, "Failed")).Ending != "clean")
        {
            await timer.WaitForNextTickAsync(Stop);
        }

        await ferry.Sweeper.SweepAsync(all: true, Stop);
        Assert.True(ferry.Sent.IsEmpty<CleanUpConversion>());
    }

    [Fact]
    public async Task WhatARunningConversionHolds_IsLeftAlone_AndWhatAnUnknownOneHolds_OnlyWhenItIsOld()
    {
        var capture = await ferry.SubmitAsync();
        await ferry.InStateAsync(capture.ConversionId, "Capturing");
        var (young, old) = (Guid.NewGuid(), Guid.NewGuid());
        await ferry.Residues.TakeAsync(Held(capture.ConversionId, Now - TimeSpan.FromDays(1)), Stop);
        await ferry.Residues.TakeAsync(Held(young, Now), Stop);
        await ferry.Residues.TakeAsync(Held(old, Now - ResidueLedger.UnknownAge - TimeSpan.FromMinutes(1)), Stop);

        var cleanup = await ferry.Sent.NextAsync<CleanUpConversion>();
        Assert.Equal((old, true), (cleanup.ConversionId, cleanup.KeepProducts));
        Assert.True(ferry.Sent.IsEmpty<CleanUpConversion>());
        var left = Assert.Single((await ferry.Residues.ListAsync(Stop)).Residue);
        Assert.Equal((old, "unknown", "conversion"), (left.ConversionId, left.State, left.Service));
    }

    [Fact]
    public async Task WhatNoLedgerNames_IsReported_AndNothingIsDone()
    {
        await ferry.Residues.TakeAsync(
            new ResourcesHeld { Service = "fixup", At = Now, Held = [], Strays = [new StrayResource { Kind = "fixup-scratch", Place = "/var/tmp/ferry-fixup-1" }] }, Stop);
        var left = Assert.Single((await ferry.Residues.ListAsync(Stop)).Residue);
        Assert.Equal(("fixup", "fixup-scratch /var/tmp/ferry-fixup-1", null), (left.Service, left.What, left.ConversionId));
        Assert.Contains("by hand", left.Remedy, StringComparison.Ordinal);
        Assert.True(ferry.Sent.IsEmpty<CleanUpConversion>());

        // The service looks again, and it is gone.
        await ferry.Residues.TakeAsync(new ResourcesHeld { Service = "fixup", At = Now, Held = [], Strays = [] }, Stop);
        Assert.Empty((await ferry.Residues.ListAsync(Stop)).Residue);
    }

    private static ResourcesHeld Held(Guid id, DateTimeOffset recordedAt) => new()
    {
        Service = "conversion", At = Now, Strays = [],
        Held = [new HeldResource { ConversionId = id, Kind = "staging-folder", Place = "/out/.ferry/1", RecordedAt = recordedAt }],
    };

    private async Task<Guid> FailAsync(string residue)
    {
        var capture = await ferry.SubmitAsync();
        await ferry.InStateAsync(capture.ConversionId, "Capturing");
        await ferry.AnswerAsync(Failed(capture.ConversionId, "capture"));
        var cleanup = await ferry.Sent.NextAsync<CleanUpConversion>();
        await ferry.AnswerAsync(new ConversionCleanedUp { ConversionId = cleanup.ConversionId, Attempt = cleanup.Attempt, Residue = [residue] });
        return capture.ConversionId;
    }
}
