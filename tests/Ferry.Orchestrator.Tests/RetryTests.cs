using Ferry.Contracts.Capture;
using Ferry.Contracts.Cleanup;
using Ferry.Contracts.Conversion;
using Ferry.Contracts.Fixup;
using Ferry.Contracts.Transfer;
using Ferry.Orchestrator.Tests.Support;
using static Ferry.Orchestrator.Tests.Support.OrchestratorHost;

namespace Ferry.Orchestrator.Tests;

/// <summary>A failure never costs a new capture: a retry starts from the captured manifest, whatever the step.</summary>
public sealed class RetryTests : IAsyncLifetime
{
    private OrchestratorHost ferry = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => ferry = await StartAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ferry.DisposeAsync();

    [Theory]
    [InlineData("capture", "capture", null)]
    [InlineData("preflight", "preflight", null)]
    [InlineData("transfer", "transfer", "captured0")]
    [InlineData("fixup", "fixup", "transferred0")]
    [InlineData("convert", "convert", "fixed0")]
    [InlineData("publish", "convert", "fixed0")]
    public async Task Retry_GoesOnAtTheFailedStep_WithTheManifestThatItHad(string failing, string goesOnAt, string? manifest)
    {
        var capture = await ferry.SubmitAsync();
        await UntilAsync(failing, capture);
        await ferry.AnswerAsync(Failed(capture.ConversionId, failing));
        var cleanup = await ferry.Sent.NextAsync<CleanUpConversion>();
        await ferry.AnswerAsync(new ConversionCleanedUp { ConversionId = cleanup.ConversionId, Attempt = cleanup.Attempt, Residue = [] });
        await ferry.InStateAsync(capture.ConversionId, "Failed");

        await ferry.Conversions.RetryAsync(capture.ConversionId, Stop);

        (int Attempt, string? Manifest) again = goesOnAt switch
        {
            "capture" => ((await ferry.Sent.NextAsync<CaptureMachine>()).Attempt, null),
            "preflight" => ((await ferry.Sent.NextAsync<CheckTarget>()).Attempt, null),
            "transfer" => await OfAsync<TransferDisk>(command => (command.Attempt, command.Manifest)),
            "fixup" => await OfAsync<FixUpGuest>(command => (command.Attempt, Assert.Single(command.Manifests))),
            _ => await OfAsync<ConvertDisk>(command => (command.Attempt, command.Manifest)),
        };
        Assert.Equal((2, manifest), again);
        Assert.True(ferry.Sent.IsEmpty<CaptureMachine>());
        var view = (await ferry.Conversions.GetAsync(capture.ConversionId, Stop))!;
        Assert.Equal(goesOnAt == "capture" ? 2 : 1, view.Steps.Count(step => step.Step == "capture"));
    }

    private async Task<(int Attempt, string? Manifest)> OfAsync<T>(Func<T, (int Attempt, string? Manifest)> what)
        where T : class => what(await ferry.Sent.NextAsync<T>());

    // Answers until the step runs.
    private async Task UntilAsync(string step, CaptureMachine capture)
    {
        if (step == "capture")
        {
            return;
        }

        await ferry.AnswerAsync(Captured(capture, remote: true));
        var check = await ferry.Sent.NextAsync<CheckTarget>();
        if (step == "preflight")
        {
            return;
        }

        await ferry.AnswerAsync(new TargetChecked { ConversionId = check.ConversionId, Attempt = check.Attempt, Epoch = 1, Findings = [] });
        var transfer = await ferry.Sent.NextAsync<TransferDisk>();
        if (step == "transfer")
        {
            return;
        }

        await ferry.AnswerAsync(new DiskTransferred
        {
            ConversionId = transfer.ConversionId, Attempt = transfer.Attempt, Epoch = 1, Disk = 0, Manifest = "transferred0", Digest = "d", Bytes = new Ferry.Contracts.Conversions.ByteCounts(),
        });
        var fixup = await ferry.Sent.NextAsync<FixUpGuest>();
        if (step == "fixup")
        {
            return;
        }

        await ferry.AnswerAsync(new GuestFixedUp
        {
            ConversionId = fixup.ConversionId, Attempt = fixup.Attempt, Epoch = 1, Manifests = ["fixed0"], Findings = [],
            Guest = new Ferry.Contracts.Conversions.GuestReport { Family = "linux", Distribution = "debian", Version = "12", Changes = [] },
        });
        var convert = await ferry.Sent.NextAsync<ConvertDisk>();
        if (step == "publish")
        {
            await ferry.AnswerAsync(Converted(convert));
            await ferry.Sent.NextAsync<PublishMachine>();
        }
    }
}
