using Ferry.Cli.Output;
using Ferry.Contracts.Conversions;
using Microsoft.Extensions.Time.Testing;

namespace Ferry.Cli.Tests.Output;

public sealed class PlainDisplayTests : IDisposable
{
    private readonly FakeTimeProvider time = new(Views.Start);
    private readonly StringWriter output = new() { NewLine = "\n" };
    private readonly PlainDisplay display;

    public PlainDisplayTests() => display = new PlainDisplay(output, time);

    /// <inheritdoc/>
    public void Dispose() => output.Dispose();

    [Fact]
    public void Step_IsALineWhenItBegins_AndOneWhenItEnds()
    {
        display.Show(Views.Of("Capturing", Views.Step("capture", "running")));
        display.Show(Views.Of("Capturing", Views.Step("capture", "running")));
        display.Show(Views.Of("Converting", Views.Step("capture", "done", 1.5), Views.Step("convert", "running")));

        Assert.Equal("capture: running\ncapture: done in 1.5 s\nconvert: running\n", output.ToString());
    }

    [Fact]
    public void Step_SaysItsBytes_AndItsAttempt()
    {
        display.Show(Views.Of("Converting", Views.Step("convert", "done", 2, new ByteCounts { Read = 1 << 20, Zero = 2 << 20, Written = 3 << 20, Deduplicated = 4 << 20 }, attempt: 2)));

        Assert.Equal("convert (attempt 2): done in 2.0 s, read 1 MiB, zero 2 MiB, written 3 MiB, deduplicated 4 MiB\n", output.ToString());
    }

    [Fact]
    public void Progress_IsALineEveryFiveSeconds()
    {
        var view = Views.Of("Converting", Views.Step("convert", "running"));
        for (var second = 0; second <= 10; second++)
        {
            display.Show(view with { Progress = [Views.Disk(second << 20, 100 << 20)] });
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(
            "convert: running\n  convert disk 0: 5 MiB of 100 MiB, 1 MiB/s, 1 min 35 s left\n  convert disk 0: 10 MiB of 100 MiB, 1 MiB/s, 1 min 30 s left\n",
            output.ToString());
    }
}
