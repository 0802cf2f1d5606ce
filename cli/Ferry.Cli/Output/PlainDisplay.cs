using System.Globalization;
using Ferry.Contracts.Conversions;

namespace Ferry.Cli.Output;

/// <summary>Plain lines, for a log: one when a step begins or ends, one every five seconds of progress.</summary>
internal sealed class PlainDisplay(TextWriter output, TimeProvider time) : IConversionDisplay
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, string> outcomes = [];
    private readonly RateMeter rates = new(time);
    private string? waiting;
    private long lastProgress = time.GetTimestamp();

    public void Show(ConversionView view)
    {
        foreach (var step in view.Steps)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"{step.Step} {step.Attempt}");
            if (!outcomes.TryGetValue(key, out var outcome) || outcome != step.Outcome)
            {
                outcomes[key] = step.Outcome;
                output.WriteLine(StepLine.Of(step));
            }
        }

        if (view.WaitingFor?.Detail != waiting)
        {
            waiting = view.WaitingFor?.Detail;
            output.WriteLine(waiting is null ? "  goes on" : $"  {view.State}: {waiting}");
        }

        rates.Update(view.Progress);
        if (time.GetElapsedTime(lastProgress) < Interval)
        {
            return;
        }

        lastProgress = time.GetTimestamp();
        foreach (var disk in view.Progress)
        {
            output.WriteLine($"  {rates.Describe(disk)}");
        }
    }
}
