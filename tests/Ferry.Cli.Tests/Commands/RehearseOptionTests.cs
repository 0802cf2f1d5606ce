using System.CommandLine;
using Ferry.Cli.Commands;

namespace Ferry.Cli.Tests.Commands;

public sealed class RehearseOptionTests
{
    [Theory]
    [InlineData("none", "a.vmx")]
    [InlineData("report", "--rehearse", "a.vmx")]
    [InlineData("report", "a.vmx", "--rehearse")]
    [InlineData("require", "a.vmx", "--rehearse=require")]
    [InlineData("report", "--rehearse=report", "a.vmx")]
    public void Option_StandsAnywhere_AndHasAValueBehindTheEqualsSignOnly(string expected, params string[] args)
    {
        var (option, source) = (RehearseOption.Create(), new Argument<string>("SOURCE"));
        var parsed = new Command("convert") { source, option }.Parse(RehearseOption.Complete(args));
        Assert.Empty(parsed.Errors);
        Assert.Equal((expected, "a.vmx"), (RehearseOption.Of(parsed, option), parsed.GetValue(source)));
    }

    [Fact]
    public void OtherValue_IsAnError()
    {
        var option = RehearseOption.Create();
        Assert.NotEmpty(new Command("convert") { option }.Parse(RehearseOption.Complete(["--rehearse=maybe"])).Errors);
    }
}
