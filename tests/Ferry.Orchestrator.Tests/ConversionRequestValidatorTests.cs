using Ferry.Contracts.Conversions;
using Ferry.Orchestrator.Conversions;

namespace Ferry.Orchestrator.Tests;

/// <summary>What is refused before anything begins.</summary>
public sealed class ConversionRequestValidatorTests
{
    private static readonly ConversionRequest Good = new() { Source = "/vms/web01.vmx", Target = "hyperv", Output = "/out" };

    [Fact]
    public void GoodRequest_HasNoErrors() => Assert.Empty(ConversionRequestValidator.Validate(Good));

    [Fact]
    public void EverythingWrong_IsReportedAtOnce()
    {
        var errors = ConversionRequestValidator.Validate(new ConversionRequest { Source = "", Target = "cloud", Output = "here", Format = "iso", Generation = 3 });
        Assert.Equal(["format", "generation", "output", "source", "target"], errors.Keys.Order());
    }

    [Fact]
    public void PlannedTarget_IsRefusedByName() =>
        Assert.Contains("not built yet", ConversionRequestValidator.Validate(Good with { Target = "kubevirt" })["target"][0], StringComparison.Ordinal);

    [Fact]
    public void CredentialsInTheUrl_AreRefused() =>
        Assert.Contains("credentials", ConversionRequestValidator.Validate(Good with { Source = "https://root:pw@esx/vm.vmx" })["source"][0], StringComparison.Ordinal);

    [Theory]
    [InlineData("upload:4f0d2f4e-52a4-4d4f-9f0f-1b0a4d0b7c11", true)]
    [InlineData("upload:", false)]
    [InlineData("upload:web01", false)]
    public void Upload_IsNamedByItsId(string source, bool fits) => Assert.Equal(!fits, ConversionRequestValidator.Validate(Good with { Source = source }).ContainsKey("source"));

    [Theory]
    [InlineData("kvm", null, true)]
    [InlineData("kvm", "raw", true)]
    [InlineData("kvm", "vhdx", false)]
    [InlineData("azure", "vhd", true)]
    [InlineData("azure", "raw", false)]
    [InlineData("raw", "vdi", true)]
    public void Format_IsOneOfTheTargets(string target, string? format, bool fits) =>
        Assert.Equal(!fits, ConversionRequestValidator.Validate(Good with { Target = target, Format = format }).ContainsKey("format"));

    [Fact]
    public void Generation_IsForHyperVOnly() => Assert.True(ConversionRequestValidator.Validate(Good with { Target = "azure", Generation = 2 }).ContainsKey("generation"));

    [Theory]
    [InlineData("hyperv", true, "web.sh", true)]
    [InlineData("hyperv", true, "/scripts/web.sh", true)]
    [InlineData("hyperv", true, "web server.sh", false)]
    [InlineData("hyperv", true, "..", false)]
    [InlineData("hyperv", false, "web.sh", false)]
    [InlineData("raw", true, "web.sh", false)]
    public void FirstBootScript_HasAPlainName_AndNeedsTheFixup(string target, bool fixup, string script, bool fits) =>
        Assert.Equal(!fits, ConversionRequestValidator.Validate(Good with { Target = target, Fixup = fixup, FirstBoot = [script] }).ContainsKey("firstBoot"));

    [Theory]
    [InlineData("kvm", "none", true)]
    [InlineData("kvm", "report", true)]
    [InlineData("hyperv", "require", true)]
    [InlineData("kvm", "yes", false)]
    [InlineData("raw", "none", true)]
    [InlineData("raw", "report", false)]
    public void Rehearsal_IsOneOfThree_AndForAPlatform(string target, string rehearse, bool fits) =>
        Assert.Equal(!fits, ConversionRequestValidator.Validate(Good with { Target = target, Rehearse = rehearse }).ContainsKey("rehearse"));

    [Fact]
    public void FirstBootBeforeTheMove_NeedsTheFixup()
    {
        Assert.Empty(ConversionRequestValidator.Validate(Good with { RunFirstBoot = true }));
        Assert.Equal(["runFirstBoot"], ConversionRequestValidator.Validate(Good with { RunFirstBoot = true, Fixup = false }).Keys);
    }

    [Theory]
    [InlineData("raw")]
    [InlineData("vdi")]
    [InlineData("qcow2")]
    public void ImageThatHyperVCannotStart_IsRefused(string format) => Assert.True(ConversionRequestValidator.Validate(Good with { Format = format }).ContainsKey("format"));
}
