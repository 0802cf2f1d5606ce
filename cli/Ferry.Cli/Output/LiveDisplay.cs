using Ferry.Contracts.Conversions;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Ferry.Cli.Output;

/// <summary>The live display of a terminal: a line per step, a bar per disk of the running step.</summary>
internal sealed class LiveDisplay(LiveDisplayContext context, TimeProvider time) : IConversionDisplay
{
    private const int BarWidth = 30;

    private readonly RateMeter rates = new(time);

    public void Show(ConversionView view)
    {
        rates.Update(view.Progress);
        var lines = new List<IRenderable>();
        foreach (var step in view.Steps)
        {
            var (mark, colour) = step.Outcome switch
            {
                "done" => ("✓", "green"),
                "running" => ("•", "yellow"),
                "skipped" => ("-", "grey"),
                _ => ("✗", "red"),
            };
            var elapsed = step.EndedAt is null ? $" {Units.Duration(time.GetUtcNow() - step.StartedAt)}" : "";
            lines.Add(new Markup($"[{colour}]{mark}[/] {Markup.Escape(StepLine.Of(step))}{elapsed}"));
        }

        lines.AddRange(view.Progress.Select(disk => new Markup($"    {Bar(disk)}{Markup.Escape(rates.Describe(disk))}")));
        if (view.WaitingFor is { } waiting)
        {
            lines.Add(new Markup($"[yellow]{Markup.Escape(view.State)}[/]: {Markup.Escape(waiting.Detail)}"));
        }

        context.UpdateTarget(new Rows(lines));
        context.Refresh();
    }

    private static string Bar(DiskProgress disk)
    {
        if (disk.BytesTotal <= 0)
        {
            return "";
        }

        var full = (int)(BarWidth * Math.Clamp((double)disk.BytesDone / disk.BytesTotal, 0, 1));
        return $"[green]{new string('━', full)}[/][grey]{new string('━', BarWidth - full)}[/] ";
    }
}
