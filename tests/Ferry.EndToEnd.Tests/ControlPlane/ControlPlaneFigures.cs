using System.Globalization;
using System.Text;
using Ferry.Contracts.Conversions;

namespace Ferry.EndToEnd.Tests.ControlPlane;

/// <summary>How long many conversions that were submitted at once took.</summary>
/// <param name="Count">Conversions.</param>
/// <param name="Submitted">Until the last was accepted.</param>
/// <param name="All">Until the last had ended.</param>
/// <param name="Conversions">The conversions at their end.</param>
internal sealed record ControlPlaneFigures(int Count, TimeSpan Submitted, TimeSpan All, IReadOnlyList<ConversionView> Conversions)
{
    /// <summary>Ended conversions per second.</summary>
    public double Rate => Count / All.TotalSeconds;

    /// <summary>A markdown table: each step from its command to its answer, with its wait behind others and its work.</summary>
    public string ToMarkdown(string title)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{title}: {Count} conversions accepted in {Submitted.TotalSeconds:0.0} s, all completed after {All.TotalSeconds:0.0} s: {Rate:0.0} conversions/s.");
        text.AppendLine();
        text.AppendLine("| step | p50 | p99 | longest |").AppendLine("|---|---|---|---|");
        foreach (var step in Conversions.SelectMany(view => view.Steps).Where(step => step.Outcome == "done").GroupBy(step => step.Step))
        {
            Append(text, step.Key, [.. step.Select(one => (one.EndedAt!.Value - one.StartedAt).TotalSeconds).Order()]);
        }

        Append(text, "from request to end", [.. Conversions.Select(view => (view.EndedAt!.Value - view.RequestedAt).TotalSeconds).Order()]);
        return text.ToString();
    }

    private static void Append(StringBuilder text, string name, IReadOnlyList<double> ordered) => text.AppendLine(
        CultureInfo.InvariantCulture, $"| {name} | {Percentile(ordered, 50):0.00} s | {Percentile(ordered, 99):0.00} s | {ordered[^1]:0.00} s |");

    private static double Percentile(IReadOnlyList<double> ordered, int percent) => ordered[Math.Max(0, ((ordered.Count * percent) + 99) / 100 - 1)];
}
