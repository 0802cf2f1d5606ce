using Ferry.Cli.Embedded;

namespace Ferry.Cli.Tests.Embedded;

/// <summary>The exit code follows the error code, not the step; only what says nothing of itself goes by the step.</summary>
public sealed class ConversionOutcomeTests
{
    [Theory]
    [InlineData("capture", "SOURCE_NOT_FOUND", 3)]
    [InlineData("capture", "STORE_FULL", 5)]
    [InlineData("capture", "IMAGE_IO", 3)]
    [InlineData("convert", "IMAGE_IO", 5)]
    [InlineData("convert", "IMAGE_SOURCE_CHANGED", 3)]
    [InlineData("preflight", "FIRMWARE_MISMATCH", 4)]
    [InlineData("preflight", "TARGET_LIMIT_EXCEEDED", 4)]
    [InlineData("preflight", "OUTPUT_EXISTS", 5)]
    [InlineData("fixup", "GUEST_UNKNOWN", 4)]
    [InlineData("fixup", "GUEST_WRITE_FAILED", 5)]
    public void Failed_EndsByItsCode(string step, string code, int exit) => Assert.Equal(exit, ConversionOutcome.CodeOf(Views.Failed(step, code)));

    [Fact]
    public void Completed_AndCancelled_HaveTheirOwn()
    {
        Assert.Equal(0, ConversionOutcome.CodeOf(Views.Of("Completed")));
        Assert.Equal(6, ConversionOutcome.CodeOf(Views.Of("Cancelled")));
        Assert.Equal("CANCELLED", ConversionOutcome.FailureOf(Views.Of("Cancelled")).Code);
    }
}
