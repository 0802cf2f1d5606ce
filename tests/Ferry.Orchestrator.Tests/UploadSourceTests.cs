using Ferry.Contracts.Capture;
using Ferry.Contracts.Conversions;
using Ferry.Contracts.Fixup;
using Ferry.Contracts.Transfer;
using Ferry.Orchestrator.Tests.Support;

namespace Ferry.Orchestrator.Tests;

/// <summary>Conversions of machines that a client has sent.</summary>
public sealed class UploadSourceTests
{
    [Fact]
    public async Task UploadedMachine_IsCapturedByTheServiceThatHasIt()
    {
        await using var ferry = await OrchestratorHost.StartAsync();
        var upload = Guid.NewGuid();
        var id = Guid.CreateVersion7();
        await ferry.Conversions.SubmitAsync(id, new ConversionRequest { Source = $"upload:{upload}", Target = "hyperv", Output = "/out" }, TestContext.Current.CancellationToken);
        var capture = await ferry.Sent.NextAsync<CaptureUpload>();
        Assert.Equal((id, 1, upload), (capture.ConversionId, capture.Attempt, capture.UploadId));
        await ferry.CaptureAsync(new CaptureMachine { ConversionId = id, Attempt = 1, Source = "" }, false);
        Assert.Equal(["captured0"], (await ferry.Sent.NextAsync<FixUpGuest>()).Manifests);
        Assert.True(ferry.Sent.IsEmpty<CaptureMachine>());
    }
}
