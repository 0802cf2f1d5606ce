using Ferry.Conversion.Targets;

namespace Ferry.Conversion.Tests.Targets;

public sealed class TargetSelectorTests
{
    [Theory]
    [InlineData("hyperv", "vhdx")]
    [InlineData("kvm", "qcow2")]
    [InlineData("azure", "vhd")]
    [InlineData("raw", "raw")]
    public void Built_IsSelectedWithItsFormat(string name, string format) =>
        Assert.Equal(format, TargetSelector.SelectFormat(TargetSelector.Select(name), null));

    [Theory]
    [InlineData("kubevirt")]
    [InlineData("openstack")]
    [InlineData("vmware")]
    public void NotBuilt_IsRefused(string name) => Assert.Equal(TargetErrors.NotBuilt, Assert.Throws<TargetException>(() => TargetSelector.Select(name)).Failure.Code);

    [Fact]
    public void Unknown_IsRefused() => Assert.Equal(TargetErrors.Unknown, Assert.Throws<TargetException>(() => TargetSelector.Select("HyperV\n")).Failure.Code);

    [Fact]
    public void Format_ThatDoesNotFit_IsRefused() =>
        Assert.Equal(TargetErrors.FormatUnfit, Assert.Throws<TargetException>(() => TargetSelector.SelectFormat(TargetSelector.Select("hyperv"), "qcow2")).Failure.Code);
}
