using Ferry.Contracts;
using Ferry.Contracts.Cleanup;
using Ferry.Contracts.Conversion;
using Ferry.Contracts.Conversions;
using Ferry.Contracts.Fixup;
using Ferry.Contracts.Transfer;
using Ferry.Orchestrator.Tests.Support;
using static Ferry.Orchestrator.Tests.Support.OrchestratorHost;

namespace Ferry.Orchestrator.Tests;

/// <summary>The order of the steps, situation by situation.</summary>
public sealed class ConversionFlowTests : IAsyncLifetime
{
    private OrchestratorHost ferry = null!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => ferry = await StartAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ferry.DisposeAsync();

    [Fact]
    public async Task LocalDisk_IsNotTransferred_AndEndsComplete()
    {
        var capture = await ferry.SubmitAsync();
        await ferry.CaptureAsync(capture, false);

        var fixup = await ferry.Sent.NextAsync<FixUpGuest>();
        Assert.Equal(["captured0"], fixup.Manifests);
        await ferry.AnswerAsync(FixedUp(fixup, "fixed0"));

        var convert = await ferry.Sent.NextAsync<ConvertDisk>();
        Assert.Equal(("fixed0", "captured0", "vhdx"), (convert.Manifest, convert.CapturedManifest, convert.Format));
        await FinishAsync(convert);

        var view = await ferry.InStateAsync(capture.ConversionId, "Completed");
        Assert.Equal(["capture", "preflight", "fixup", "convert", "publish", "cleanup", "report"], view.Steps.Select(x => x.Step));
        Assert.True(ferry.Sent.IsEmpty<TransferDisk>());
        Assert.Equal("Completed", (await ferry.Sent.NextAsync<ConversionEnded>()).Outcome);
    }

    [Fact]
    public async Task TargetThatCannotTakeTheMachine_IsRefusedBeforeAnyBytesAreMoved()
    {
        var capture = await ferry.SubmitAsync();
        await ferry.AnswerAsync(Captured(capture, remote: true));
        var check = await ferry.Sent.NextAsync<CheckTarget>();
        Assert.Equal(("hyperv", "web01", "/out"), (check.Target, check.Machine.Name, check.Output));
        await ferry.InStateAsync(capture.ConversionId, "Checking");
        var finding = new Finding { Id = "FIRMWARE_MISMATCH", Severity = FindingSeverity.Error, Message = "BIOS" };
        await ferry.AnswerAsync(Failed(capture.ConversionId, "preflight") with { Findings = [finding] });
        await ferry.AnswerAsync(CleanedUp(await ferry.Sent.NextAsync<CleanUpConversion>()));

        var view = await ferry.InStateAsync(capture.ConversionId, "Failed");
        Assert.Equal(finding, Assert.Single(view.Findings));
        Assert.True(ferry.Sent.IsEmpty<TransferDisk>());
        Assert.True(ferry.Sent.IsEmpty<FixUpGuest>());

        await ferry.Conversions.RetryAsync(capture.ConversionId, TestContext.Current.CancellationToken);
        Assert.Equal(2, (await ferry.Sent.NextAsync<CheckTarget>()).Attempt);
    }

    [Fact]
    public async Task FindingsOfTheTarget_AreKept()
    {
        var capture = await ferry.SubmitAsync(fixup: false);
        await ferry.AnswerAsync(Captured(capture, remote: false));
        var warning = new Finding { Id = "HYPERV_MEMORY", Severity = FindingSeverity.Warning, Message = "much" };
        await ferry.AnswerAsync(Checked(await ferry.Sent.NextAsync<CheckTarget>()) with { Findings = [warning] });
        await ferry.Sent.NextAsync<ConvertDisk>();
        Assert.Equal(warning, Assert.Single((await ferry.InStateAsync(capture.ConversionId, "Converting")).Findings));
    }

    [Fact]
    public async Task RemoteDisks_AreTransferredFirst_EachOnItsOwn()
    {
        var capture = await ferry.SubmitAsync(fixup: false);
        await ferry.CaptureAsync(capture, true, false, true);

        var transfers = new[] { await ferry.Sent.NextAsync<TransferDisk>(), await ferry.Sent.NextAsync<TransferDisk>() };
        Assert.Equal([0, 2], transfers.Select(x => x.Disk).Order());
        await ferry.AnswerAsync(Transferred(transfers[0]));
        Assert.Equal("Transferring", (await ferry.Conversions.GetAsync(capture.ConversionId, TestContext.Current.CancellationToken))!.State);
        await ferry.AnswerAsync(Transferred(transfers[1]));

        var converts = new[] { await ferry.Sent.NextAsync<ConvertDisk>(), await ferry.Sent.NextAsync<ConvertDisk>(), await ferry.Sent.NextAsync<ConvertDisk>() };
        Assert.Equal(["transferred0", "captured1", "transferred2"], converts.OrderBy(x => x.Disk).Select(x => x.Manifest));
    }

    [Theory]
    [InlineData("kvm", "qcow2")]
    [InlineData("azure", "vhd")]
    public async Task Target_IsToldToEveryStep_AndTheGuestToTheLast(string target, string format)
    {
        var capture = await ferry.SubmitAsync(target: target);
        await ferry.CaptureAsync(capture, false);
        var fixup = await ferry.Sent.NextAsync<FixUpGuest>();
        Assert.Equal(target, fixup.Target);
        await ferry.AnswerAsync(FixedUp(fixup, "fixed0"));
        var convert = await ferry.Sent.NextAsync<ConvertDisk>();
        Assert.Equal((target, format), (convert.Target, convert.Format));
        await ferry.AnswerAsync(Converted(convert));
        var publish = await ferry.Sent.NextAsync<PublishMachine>();
        Assert.Equal((target, FixedUp(fixup, "fixed0").Guest.Family), (publish.Target, publish.Guest?.Family));
    }

    [Fact]
    public async Task RawTarget_LeavesTheGuestAsItIs()
    {
        var capture = await ferry.SubmitAsync(target: "raw");
        await ferry.CaptureAsync(capture, false);
        Assert.Equal("raw", (await ferry.Sent.NextAsync<ConvertDisk>()).Format);
        Assert.True(ferry.Sent.IsEmpty<FixUpGuest>());
    }

    [Fact]
    public async Task ReportOfAConversionThatHasNotEnded_SaysUnfinished_AlsoWhileItIsCleanedUpAndAfterARetry()
    {
        var capture = await ferry.SubmitAsync();
        await ferry.CaptureAsync(capture, false);
        Assert.Equal("Unfinished", await OutcomeAsync(capture.ConversionId, "FixingUp"));
        await ferry.AnswerAsync(Failed(capture.ConversionId, "fixup"));
        var cleanup = await ferry.Sent.NextAsync<CleanUpConversion>();
        Assert.Equal("Unfinished", await OutcomeAsync(capture.ConversionId, "Compensating"));
        await ferry.AnswerAsync(CleanedUp(cleanup));
        Assert.Equal("Failed", await OutcomeAsync(capture.ConversionId, "Failed"));

        await ferry.Conversions.RetryAsync(capture.ConversionId, TestContext.Current.CancellationToken);
        Assert.Equal("Unfinished", await OutcomeAsync(capture.ConversionId, "FixingUp"));
        await ferry.Sent.NextAsync<FixUpGuest>();
        await ferry.AnswerAsync(FixedUp(await ferry.Sent.NextAsync<FixUpGuest>(), "fixed0"));
        await FinishAsync(await ferry.Sent.NextAsync<ConvertDisk>());
        Assert.Equal("Completed", await OutcomeAsync(capture.ConversionId, "Completed"));
    }

    [Fact]
    public async Task AnswerThatComesTwice_IsAppliedOnce()
    {
        var capture = await ferry.SubmitAsync(fixup: false);
        await ferry.AnswerTwiceAsync(Captured(capture, remote: false));
        await ferry.AnswerTwiceAsync(Checked(await ferry.Sent.NextAsync<CheckTarget>()));
        var convert = await ferry.Sent.NextAsync<ConvertDisk>();
        await ferry.AnswerTwiceAsync(Converted(convert));
        await ferry.AnswerAsync(Converted(convert));
        await ferry.Sent.NextAsync<PublishMachine>();
        var view = await ferry.InStateAsync(capture.ConversionId, "Publishing");
        Assert.Equal(["capture", "preflight", "convert", "publish"], view.Steps.Select(x => x.Step));
        Assert.Equal(1, view.Steps[2].Bytes!.Written);
        Assert.True(ferry.Sent.IsEmpty<ConvertDisk>());
    }

    [Fact]
    public async Task AnswerOfAnotherAttempt_ChangesNothing()
    {
        var capture = await ferry.SubmitAsync(fixup: false);
        await ferry.AnswerAsync(Captured(capture, remote: false) with { Attempt = 7 });
        await ferry.AnswerAsync(Failed(capture.ConversionId, "convert"));
        await ferry.CaptureAsync(capture, false);
        await ferry.Sent.NextAsync<ConvertDisk>();
        Assert.Equal("Converting", (await ferry.InStateAsync(capture.ConversionId, "Converting")).State);
    }

    [Fact]
    public async Task FailedStep_IsCleanedUp_ThenFails_AndARetryGoesOnThere()
    {
        var capture = await ferry.SubmitAsync();
        await ferry.CaptureAsync(capture, false);
        await ferry.Sent.NextAsync<FixUpGuest>();
        await ferry.AnswerAsync(Failed(capture.ConversionId, "fixup"));

        var cleanup = await ferry.Sent.NextAsync<CleanUpConversion>();
        await ferry.InStateAsync(capture.ConversionId, "Compensating");
        await ferry.AnswerAsync(CleanedUp(cleanup, "a socket in /tmp"));
        var failed = await ferry.InStateAsync(capture.ConversionId, "Failed");
        Assert.Equal("TEST", failed.Failure!.Code);
        Assert.Equal(["a socket in /tmp"], failed.Residue);

        Assert.True(await ferry.Conversions.RetryAsync(capture.ConversionId, TestContext.Current.CancellationToken));
        var again = await ferry.Sent.NextAsync<FixUpGuest>();
        Assert.Equal(2, again.Attempt);
        await ferry.AnswerAsync(FixedUp(again, "fixed0"));
        await FinishAsync(await ferry.Sent.NextAsync<ConvertDisk>());
        var view = await ferry.InStateAsync(capture.ConversionId, "Completed");
        Assert.Null(view.Failure);
        Assert.True(ferry.Sent.IsEmpty<Ferry.Contracts.Capture.CaptureMachine>());
    }

    [Theory]
    [InlineData("Capturing")]
    [InlineData("Checking")]
    [InlineData("FixingUp")]
    [InlineData("Converting")]
    [InlineData("Publishing")]
    public async Task Cancel_CleansUp_ThenEndsCancelled(string state)
    {
        var capture = await ferry.SubmitAsync();
        if (state == "Checking")
        {
            await ferry.AnswerAsync(Captured(capture, remote: false));
        }
        else if (state != "Capturing")
        {
            await ferry.CaptureAsync(capture, false);
            var fixup = await ferry.Sent.NextAsync<FixUpGuest>();
            if (state is "Converting" or "Publishing")
            {
                await ferry.AnswerAsync(FixedUp(fixup, "fixed0"));
                var convert = await ferry.Sent.NextAsync<ConvertDisk>();
                if (state == "Publishing")
                {
                    await ferry.AnswerAsync(Converted(convert));
                }
            }
        }

        await ferry.InStateAsync(capture.ConversionId, state);
        Assert.True(await ferry.Conversions.CancelAsync(capture.ConversionId, TestContext.Current.CancellationToken));
        await ferry.InStateAsync(capture.ConversionId, "Cancelling");
        var cleanup = await ferry.Sent.NextAsync<CleanUpConversion>();
        Assert.False(cleanup.KeepProducts);
        await ferry.AnswerAsync(CleanedUp(cleanup));
        await ferry.InStateAsync(capture.ConversionId, "Cancelled");

        // Twice, and after the end: harmless.
        Assert.True(await ferry.Conversions.CancelAsync(capture.ConversionId, TestContext.Current.CancellationToken));
        Assert.Equal("Cancelled", (await ferry.Sent.NextAsync<ConversionEnded>()).Outcome);
    }

    [Fact]
    public async Task SilentConversion_GetsOnlyItsOutstandingCommandsAgain()
    {
        var capture = await ferry.SubmitAsync(fixup: false);
        await ferry.CaptureAsync(capture, false, false);
        var first = await ferry.Sent.NextAsync<ConvertDisk>();
        var second = await ferry.Sent.NextAsync<ConvertDisk>();
        await ferry.AnswerAsync(Converted(first));
        using (var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20)))
        {
            while ((await ferry.Conversions.ReportAsync(capture.ConversionId, TestContext.Current.CancellationToken))!.Disks.Count == 0)
            {
                await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            }
        }

        await ferry.Sweeper.SweepAsync(all: true, TestContext.Current.CancellationToken);
        var again = await ferry.Sent.NextAsync<ConvertDisk>();
        Assert.Equal(second, again);
        Assert.True(ferry.Sent.IsEmpty<ConvertDisk>());
    }

    [Fact]
    public async Task UnknownConversion_IsNotFound()
    {
        Assert.Null(await ferry.Conversions.GetAsync(Guid.NewGuid(), TestContext.Current.CancellationToken));
        Assert.False(await ferry.Conversions.CancelAsync(Guid.NewGuid(), TestContext.Current.CancellationToken));
    }

    private static TargetChecked Checked(CheckTarget command) =>
        new() { ConversionId = command.ConversionId, Attempt = command.Attempt, Epoch = 1, Findings = [] };

    private static GuestFixedUp FixedUp(FixUpGuest command, params string[] manifests) => new()
    {
        ConversionId = command.ConversionId, Attempt = command.Attempt, Epoch = 1, Manifests = manifests, Findings = [],
        Guest = new GuestReport { Family = "linux", Distribution = "debian", Version = "12", Changes = [] },
    };

    private static DiskTransferred Transferred(TransferDisk command) => new()
    {
        ConversionId = command.ConversionId, Attempt = command.Attempt, Epoch = 1, Disk = command.Disk, Manifest = $"transferred{command.Disk}", Digest = "d",
        Bytes = new ByteCounts(),
    };

    private static ConversionCleanedUp CleanedUp(CleanUpConversion command, params string[] residue) =>
        new() { ConversionId = command.ConversionId, Attempt = command.Attempt, Residue = residue };

    private async Task<string> OutcomeAsync(Guid id, string state)
    {
        await ferry.InStateAsync(id, state);
        return (await ferry.Conversions.ReportAsync(id, TestContext.Current.CancellationToken))!.Outcome;
    }

    private async Task FinishAsync(ConvertDisk convert)
    {
        await ferry.AnswerAsync(Converted(convert));
        var publish = await ferry.Sent.NextAsync<PublishMachine>();
        await ferry.AnswerAsync(new MachinePublished { ConversionId = publish.ConversionId, Attempt = publish.Attempt, Epoch = 1, Files = [] });
        var cleanup = await ferry.Sent.NextAsync<CleanUpConversion>();
        Assert.True(cleanup.KeepProducts);
        await ferry.AnswerAsync(CleanedUp(cleanup));
        var report = await ferry.Sent.NextAsync<WriteReport>();
        Assert.Equal("Completed", report.Report.Outcome);
        await ferry.AnswerAsync(new ReportWritten { ConversionId = report.ConversionId, Attempt = report.Attempt });
    }
}
