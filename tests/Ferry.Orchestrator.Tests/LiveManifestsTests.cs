using Ferry.Contracts.Cleanup;
using Ferry.Contracts.Conversion;
using Ferry.Contracts.Fixup;
using Ferry.Contracts.Transfer;
using Ferry.Orchestrator.Tests.Support;
using Microsoft.Extensions.Configuration;
using static Ferry.Orchestrator.Tests.Support.OrchestratorHost;

namespace Ferry.Orchestrator.Tests;

/// <summary>Which manifests the conversions need, and how long.</summary>
public sealed class LiveManifestsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunningConversion_NeedsEveryManifestItWentThrough()
    {
        await using var ferry = await StartAsync();
        var capture = await ferry.SubmitAsync();
        Assert.Empty(await LiveAsync(ferry));
        await ferry.CaptureAsync(capture, true, false);
        var transfer = await ferry.Sent.NextAsync<TransferDisk>();
        Assert.Equal(["captured0", "captured1"], await LiveAsync(ferry));
        await ferry.AnswerAsync(Transferred(transfer));
        await ferry.AnswerAsync(FixedUp(await ferry.Sent.NextAsync<FixUpGuest>(), "fixed0", "fixed1"));
        await ferry.Sent.NextAsync<ConvertDisk>();

        Assert.Equal(["captured0", "captured1", "fixed0", "fixed1", "transferred0"], await LiveAsync(ferry));
    }

    [Fact]
    public async Task FailedConversion_KeepsItsManifests_SoThatARetryGoesOn()
    {
        await using var ferry = await StartAsync();
        var id = await FailAsync(ferry);

        Assert.Equal(["captured0"], await LiveAsync(ferry));

        await ferry.Conversions.RetryAsync(id, Token);
        Assert.Equal((2, "captured0"), ((await ferry.Sent.NextAsync<FixUpGuest>()) is var again ? again.Attempt : 0, again.Manifests[0]));
    }

    [Fact]
    public async Task FailedConversion_AfterItsRetention_IsReleasedAndARetryBeginsAgain()
    {
        await using var ferry = await StartAsync(builder => builder.Configuration.AddInMemoryCollection([new("Ferry:Retention:Failed", "00:00:00")]));
        var id = await FailAsync(ferry);

        Assert.Empty(await LiveAsync(ferry));
        Assert.Empty(await LiveAsync(ferry));

        await ferry.Conversions.RetryAsync(id, Token);
        var capture = await ferry.Sent.NextAsync<Contracts.Capture.CaptureMachine>();
        Assert.Equal(2, capture.Attempt);
        await ferry.CaptureAsync(capture, false);
        Assert.Equal(["captured0"], (await ferry.Sent.NextAsync<FixUpGuest>()).Manifests);
        Assert.Equal(["captured0"], await LiveAsync(ferry));
    }

    [Fact]
    public async Task CancelledConversion_NeedsNothing()
    {
        await using var ferry = await StartAsync();
        var capture = await ferry.SubmitAsync();
        await ferry.CaptureAsync(capture, false);
        await ferry.Sent.NextAsync<FixUpGuest>();
        await ferry.Conversions.CancelAsync(capture.ConversionId, Token);
        await ferry.AnswerAsync(CleanedUp(await ferry.Sent.NextAsync<CleanUpConversion>()));
        await ferry.InStateAsync(capture.ConversionId, "Cancelled");

        Assert.Empty(await LiveAsync(ferry));
    }

    [Fact]
    public async Task ChunksLostInTheStore_AreTransferredAgain_AndTheConversionGoesOn()
    {
        await using var ferry = await StartAsync();
        var capture = await ferry.SubmitAsync(fixup: false);
        await ferry.CaptureAsync(capture, true);
        await ferry.AnswerAsync(Transferred(await ferry.Sent.NextAsync<TransferDisk>()));
        await ferry.Sent.NextAsync<ConvertDisk>();
        var lost = Failed(capture.ConversionId, "convert");
        await ferry.AnswerAsync(lost with { Failure = lost.Failure with { Code = "CHUNK_CORRUPT" } });
        await ferry.AnswerAsync(CleanedUp(await ferry.Sent.NextAsync<CleanUpConversion>()));

        var again = await ferry.Sent.NextAsync<TransferDisk>();
        Assert.Equal((2, "captured0", "transferred0"), (again.Attempt, again.Manifest, again.KnownManifest));
        await ferry.AnswerAsync(Transferred(again));
        var convert = await ferry.Sent.NextAsync<ConvertDisk>();
        Assert.Equal((2, "transferred0"), (convert.Attempt, convert.Manifest));
        var view = await ferry.InStateAsync(capture.ConversionId, "Converting");
        Assert.Contains(view.Findings, finding => finding.Id == "STORE_CHUNKS_LOST");
    }

    [Fact]
    public async Task ChunksLostAgainAndAgain_EndInFailure()
    {
        await using var ferry = await StartAsync();
        var capture = await ferry.SubmitAsync(fixup: false);
        for (var attempt = 1; attempt <= 4; attempt++)
        {
            await ferry.CaptureAsync(attempt == 1 ? capture : await ferry.Sent.NextAsync<Contracts.Capture.CaptureMachine>(), false);
            await ferry.Sent.NextAsync<ConvertDisk>();
            var lost = Failed(capture.ConversionId, "convert", attempt);
            await ferry.AnswerAsync(lost with { Failure = lost.Failure with { Code = "CHUNK_MISSING" } });
            await ferry.AnswerAsync(CleanedUp(await ferry.Sent.NextAsync<CleanUpConversion>()));
        }

        Assert.Equal("CHUNK_MISSING", (await ferry.InStateAsync(capture.ConversionId, "Failed")).Failure!.Code);
    }

    private static async Task<Guid> FailAsync(OrchestratorHost ferry)
    {
        var capture = await ferry.SubmitAsync();
        await ferry.CaptureAsync(capture, false);
        await ferry.Sent.NextAsync<FixUpGuest>();
        await ferry.AnswerAsync(Failed(capture.ConversionId, "fixup"));
        await ferry.AnswerAsync(CleanedUp(await ferry.Sent.NextAsync<CleanUpConversion>()));
        await ferry.InStateAsync(capture.ConversionId, "Failed");
        return capture.ConversionId;
    }

    private static async Task<IReadOnlyList<string>> LiveAsync(OrchestratorHost ferry)
    {
        var id = Guid.NewGuid();
        await ferry.AnswerAsync(new ListLiveManifests { CollectionId = id, Services = ["orchestrator"] });
        var answer = await ferry.Sent.NextAsync<LiveManifestsListed>();
        Assert.Equal((id, "orchestrator"), (answer.CollectionId, answer.Service));
        return answer.Manifests;
    }

    private static DiskTransferred Transferred(TransferDisk command) => new()
    {
        ConversionId = command.ConversionId, Attempt = command.Attempt, Epoch = 1, Disk = command.Disk, Manifest = $"transferred{command.Disk}", Digest = "d", Bytes = new(),
    };

    private static GuestFixedUp FixedUp(FixUpGuest command, params string[] manifests) => new()
    {
        ConversionId = command.ConversionId, Attempt = command.Attempt, Epoch = 1, Manifests = manifests, Guest = new() { Family = "linux", Distribution = "debian", Version = "12", Changes = [] }, Findings = [],
    };

    private static ConversionCleanedUp CleanedUp(CleanUpConversion command) => new() { ConversionId = command.ConversionId, Attempt = command.Attempt, Residue = [] };
}
