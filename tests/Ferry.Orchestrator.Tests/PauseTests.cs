using Ferry.Contracts.Cleanup;
using Ferry.Contracts.Conversion;
using Ferry.Contracts.Conversions;
using Ferry.Contracts.Fixup;
using Ferry.Contracts.Jobs;
using Ferry.Orchestrator.Tests.Support;
using static Ferry.Orchestrator.Tests.Support.OrchestratorHost;

namespace Ferry.Orchestrator.Tests;

/// <summary>A pause holds a conversion in any step, and only a resumption lets it go on.</summary>
public sealed class PauseTests : IAsyncLifetime
{
    private OrchestratorHost ferry = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => ferry = await StartAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ferry.DisposeAsync();

    [Fact]
    public async Task PausedInAStep_ItsResultIsTaken_AndTheNextStepBeginsWithTheResumption()
    {
        var capture = await ferry.SubmitAsync();
        await ferry.CaptureAsync(capture, false);
        var fixup = await ferry.Sent.NextAsync<FixUpGuest>();

        Assert.True(await ferry.Conversions.PauseAsync(capture.ConversionId, Stop));
        Assert.Equal(new ConversionHeld { ConversionId = capture.ConversionId, Revision = 1, Held = true }, await ferry.Sent.NextAsync<ConversionHeld>());
        var paused = await ferry.InStateAsync(capture.ConversionId, "Paused");
        Assert.Equal("paused", paused.WaitingFor!.Reason);
        Assert.Contains("step fixup", paused.WaitingFor.Detail, StringComparison.Ordinal);
        Assert.Contains($"ferry resume {capture.ConversionId}", paused.WaitingFor.Detail, StringComparison.Ordinal);

        // It had ended when the pause came to its worker.
        await ferry.AnswerAsync(Fixed(fixup));
        var held = await UntilAsync(capture.ConversionId, view => view.Steps[^1].Step == "convert");
        Assert.Equal("Paused", held.State);
        Assert.Contains("before the step convert", held.WaitingFor!.Detail, StringComparison.Ordinal);
        await ferry.Sweeper.SweepAsync(all: true, Stop);
        Assert.Equal(new ConversionHeld { ConversionId = capture.ConversionId, Revision = 1, Held = true }, await ferry.Sent.NextAsync<ConversionHeld>());
        Assert.True(ferry.Sent.IsEmpty<ConvertDisk>());

        Assert.True(await ferry.Conversions.ResumeAsync(capture.ConversionId, Stop));
        Assert.Equal((1, "fixed0"), await ConvertAsync());
        var going = await ferry.InStateAsync(capture.ConversionId, "Converting");
        Assert.Null(going.WaitingFor);
    }

    [Fact]
    public async Task ResumedConversion_GetsItsOutstandingCommandsAgain_WithAHigherRevision()
    {
        var capture = await ferry.SubmitAsync(fixup: false);
        await ferry.CaptureAsync(capture, false);
        var convert = await ferry.Sent.NextAsync<ConvertDisk>();
        for (var revision = 1; revision <= 3; revision += 2)
        {
            await ferry.Conversions.PauseAsync(capture.ConversionId, Stop);
            await ferry.Conversions.PauseAsync(capture.ConversionId, Stop);
            await ferry.InStateAsync(capture.ConversionId, "Paused");
            await ferry.Conversions.ResumeAsync(capture.ConversionId, Stop);
            Assert.Equal(convert, await ferry.Sent.NextAsync<ConvertDisk>());
            Assert.Equal((revision, true), await HeldAsync());
            Assert.Equal((revision + 1, false), await HeldAsync());
            await ferry.InStateAsync(capture.ConversionId, "Converting");
        }
    }

    [Fact]
    public async Task PausedBeforeItBegins_DoesNotBegin()
    {
        var capture = await ferry.SubmitAsync();
        await ferry.Conversions.PauseAsync(capture.ConversionId, Stop);
        var paused = await ferry.InStateAsync(capture.ConversionId, "Paused");
        Assert.Contains("in the step capture", paused.WaitingFor!.Detail, StringComparison.Ordinal);
        await ferry.AnswerAsync(Captured(capture, remote: true));
        await UntilAsync(capture.ConversionId, view => view.Steps[^1].Step == "preflight");
        Assert.True(ferry.Sent.IsEmpty<CheckTarget>());

        var page = await ferry.Conversions.ListAsync("Paused", 0, 10, Stop);
        Assert.Equal(capture.ConversionId, Assert.Single(page.Conversions).Id);
        await ferry.Conversions.ResumeAsync(capture.ConversionId, Stop);
        await ferry.Sent.NextAsync<CheckTarget>();
        Assert.Empty((await ferry.Conversions.ListAsync("Paused", 0, 10, Stop)).Conversions);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PausedConversion_ThatIsCancelledOrFails_IsCleanedUp_AndCanBeRetried(bool cancelled)
    {
        var capture = await ferry.SubmitAsync(fixup: false);
        await ferry.CaptureAsync(capture, false);
        await ferry.Sent.NextAsync<ConvertDisk>();
        await ferry.Conversions.PauseAsync(capture.ConversionId, Stop);
        await ferry.InStateAsync(capture.ConversionId, "Paused");
        if (cancelled)
        {
            await ferry.Conversions.CancelAsync(capture.ConversionId, Stop);
        }
        else
        {
            await ferry.AnswerAsync(Failed(capture.ConversionId, "convert"));
        }

        var cleanup = await ferry.Sent.NextAsync<CleanUpConversion>();
        Assert.Equal((1, true), await HeldAsync());
        Assert.Equal((2, false), await HeldAsync());
        await ferry.AnswerAsync(new ConversionCleanedUp { ConversionId = cleanup.ConversionId, Attempt = cleanup.Attempt, Residue = [] });
        await ferry.InStateAsync(capture.ConversionId, cancelled ? "Cancelled" : "Failed");
        if (!cancelled)
        {
            await ferry.Conversions.RetryAsync(capture.ConversionId, Stop);
            Assert.Equal((2, "captured0"), await ConvertAsync());
        }

        // Behind the end, a pause is harmless.
        await ferry.Conversions.PauseAsync(capture.ConversionId, Stop);
    }

    [Fact]
    public async Task PausedWhilePublishing_TheShortStepEnds_AndTheNextIsHeld()
    {
        var capture = await ferry.SubmitAsync(fixup: false);
        await ferry.CaptureAsync(capture, false);
        await ferry.AnswerAsync(Converted(await ferry.Sent.NextAsync<ConvertDisk>()));
        var publish = await ferry.Sent.NextAsync<PublishMachine>();
        await ferry.Conversions.PauseAsync(capture.ConversionId, Stop);
        Assert.Contains("finishes first", (await ferry.InStateAsync(capture.ConversionId, "Paused")).WaitingFor!.Detail, StringComparison.Ordinal);
        await ferry.AnswerAsync(new MachinePublished { ConversionId = publish.ConversionId, Attempt = publish.Attempt, Epoch = 1, Files = [] });
        await UntilAsync(capture.ConversionId, view => view.Steps[^1].Step == "cleanup");
        Assert.True(ferry.Sent.IsEmpty<CleanUpConversion>());
        await ferry.Conversions.ResumeAsync(capture.ConversionId, Stop);
        Assert.True((await ferry.Sent.NextAsync<CleanUpConversion>()).KeepProducts);
    }

    private static GuestFixedUp Fixed(FixUpGuest command) => new()
    {
        ConversionId = command.ConversionId, Attempt = command.Attempt, Epoch = 1, Manifests = ["fixed0"], Findings = [],
        Guest = new GuestReport { Family = "linux", Distribution = "debian", Version = "12", Changes = [] },
    };

    private async Task<(int Attempt, string Manifest)> ConvertAsync()
    {
        var convert = await ferry.Sent.NextAsync<ConvertDisk>();
        return (convert.Attempt, convert.Manifest);
    }

    private async Task<(int Revision, bool Held)> HeldAsync()
    {
        var held = await ferry.Sent.NextAsync<ConversionHeld>();
        return (held.Revision, held.Held);
    }

    private async Task<ConversionView> UntilAsync(Guid id, Func<ConversionView, bool> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        ConversionView view;
        while (!condition(view = (await ferry.Conversions.GetAsync(id, Stop))!))
        {
            await timer.WaitForNextTickAsync(Stop);
        }

        return view;
    }
}
