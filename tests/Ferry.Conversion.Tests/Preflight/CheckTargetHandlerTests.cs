using Ferry.Contracts;
using Ferry.Contracts.Conversion;
using Ferry.Contracts.Machines;
using Ferry.Conversion.Preflight;
using Ferry.Conversion.Targets;
using Ferry.Conversion.Targets.HyperV;
using Ferry.Conversion.Targets.Raw;
using Ferry.Conversion.Tests.Support;
using Ferry.Conversion.Tests.Targets;
using Ferry.Hosting.Jobs;
using Ferry.Testing;

namespace Ferry.Conversion.Tests.Preflight;

public sealed class CheckTargetHandlerTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Machine_ThatFits_HasItsFindings()
    {
        var answer = await RunAsync(Command(Machines.Of() with { Processors = 96 }));

        var finding = Assert.Single(answer.Findings);
        Assert.Equal(("HYPERV_PROCESSORS", FindingSeverity.Warning), (finding.Id, finding.Severity));
        Assert.False(Directory.Exists(folder.At("out")), "a check makes nothing");
    }

    [Theory]
    [InlineData(2, 1, TargetErrors.FirmwareMismatch)]
    [InlineData(null, 258, TargetErrors.LimitExceeded)]
    public async Task Machine_ThatDoesNotFit_IsRefusedWithFindings(int? generation, int disks, string code)
    {
        var refused = await RefusedAsync(Command(Machines.Of(disks: disks)) with { Generation = generation });

        Assert.Equal(code, refused.Failure.Code);
        Assert.False(refused.Failure.Retryable);
        Assert.NotEmpty(refused.Failure.Remedy);
        Assert.Contains(refused.Findings, finding => finding.Id == code && finding.Severity == FindingSeverity.Error);
    }

    [Fact]
    public async Task Raw_TakesAnyMachine() => Assert.Empty((await RunAsync(Command(Machines.Of(disks: 300)) with { Target = "raw" })).Findings);

    [Theory]
    [InlineData("kubevirt", null, TargetErrors.NotBuilt)]
    [InlineData("azure", "vhdx", TargetErrors.FormatUnfit)]
    [InlineData("hyperv", "raw", TargetErrors.FormatUnfit)]
    public async Task Target_ThatIsNotThere_IsRefused(string target, string? format, string code) =>
        Assert.Equal(code, (await RefusedAsync(Command(Machines.Of()) with { Target = target, Format = format })).Failure.Code);

    [Theory]
    [InlineData("web-disk0.vhdx")]
    [InlineData("import.ps1")]
    [InlineData("report.json")]
    public async Task FileOfTheResultsName_IsFoundBeforeAnythingIsMoved(string name)
    {
        Directory.CreateDirectory(folder.At("out"));
        await File.WriteAllTextAsync(folder.At("out", name), "mine", TestContext.Current.CancellationToken);

        Assert.Equal(ConversionErrors.OutputExists, (await RefusedAsync(Command(Machines.Of()))).Failure.Code);
    }

    private CheckTarget Command(MachineDescription machine) => new()
    {
        ConversionId = Guid.NewGuid(), Attempt = 1, Target = "hyperv", Machine = machine, Output = folder.At("out"),
    };

    private static async Task<TargetChecked> RunAsync(CheckTarget command) => (TargetChecked)await new CheckTargetHandler(
        new TargetDefinitions([new HyperVTarget(), new RawDefinition()]), Outputs.Of()).RunAsync(
            new FakeJobContext<CheckTarget>(command.ConversionId, command), TestContext.Current.CancellationToken);

    private static Task<JobFailedException> RefusedAsync(CheckTarget command) => Assert.ThrowsAsync<JobFailedException>(() => RunAsync(command));
}
