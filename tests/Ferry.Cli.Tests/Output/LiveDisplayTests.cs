using Ferry.Cli.Output;
using Ferry.Contracts.Conversions;
using Microsoft.Extensions.Time.Testing;
using Spectre.Console;

namespace Ferry.Cli.Tests.Output;

public sealed class LiveDisplayTests
{
    [Fact]
    public void Steps_HaveMarks_AndDisksHaveBars()
    {
        var shown = Show(Views.Of(
            "Converting", Views.Step("capture", "done", 1), Views.Step("transfer", "skipped"), Views.Step("convert", "running")) with
        {
            Progress = [Views.Disk(50 << 20, 100 << 20), Views.Disk(0, 0, disk: 1, activity: "reading back")],
        });

        Assert.Contains("✓ capture: done in 1.0 s", shown, StringComparison.Ordinal);
        Assert.Contains("- transfer: skipped", shown, StringComparison.Ordinal);
        Assert.Contains("• convert: running 5.0 s", shown, StringComparison.Ordinal);
        Assert.Contains(new string('━', 30) + " convert disk 0: 50 MiB of 100 MiB", shown, StringComparison.Ordinal);
        Assert.Contains("    convert disk 1: reading back", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void FailedStep_IsMarked() => Assert.Contains("✗ fixup: failed", Show(Views.Of("Compensating", Views.Step("fixup", "failed", 1))), StringComparison.Ordinal);

    [Theory]
    [InlineData(-5, 100)]
    [InlineData(300, 100)]
    public void ProgressOutOfItsRange_BreaksNothing(long done, long total) =>
        Assert.Contains(new string('━', 30), Show(Views.Of("Converting", Views.Step("convert", "running")) with { Progress = [Views.Disk(done, total)] }), StringComparison.Ordinal);

    [Fact]
    public void TextThatLooksLikeMarkup_IsShownAsItIs() => Assert.Contains(
        "reading [red]a[/]", Show(Views.Of("Converting", Views.Step("convert", "running")) with { Progress = [Views.Disk(0, 0, activity: "reading [red]a[/]")] }), StringComparison.Ordinal);

    private static string Show(ConversionView view)
    {
        var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.Yes, Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = 200;
        console.Live(new Text("")).Start(context => new Cli.Output.LiveDisplay(context, new FakeTimeProvider(Views.Start.AddSeconds(5))).Show(view));
        return output.ToString();
    }
}
