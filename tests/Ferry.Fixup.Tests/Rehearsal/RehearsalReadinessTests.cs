using Ferry.Fixup.Rehearsal;
using Ferry.Fixup.Tests.Engine;

namespace Ferry.Fixup.Tests.Rehearsal;

public sealed class RehearsalReadinessTests
{
    [Theory]
    [InlineData("/nowhere/qemu")]
    [InlineData("no-such-program-anywhere")]
    public void QemuIsMissing_IsAFindingWithARemedy(string program)
    {
        var finding = Assert.Single(new RehearsalReadiness(new RehearsalOptions { Qemu = program }).Check(SampleGuest.Machine));
        Assert.Equal("REHEARSAL_NOT_STARTED", finding.Id);
        Assert.Contains("qemu-system-x86", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void QemuIsThere_NothingIsSaid() => Assert.Empty(new RehearsalReadiness(new RehearsalOptions { Qemu = "sh" }).Check(SampleGuest.Machine));
}
