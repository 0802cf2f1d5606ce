using System.Text.RegularExpressions;
using Ferry.Testing;

namespace Ferry.Deployment.Tests.Monitoring;

/// <summary>Says what a query names that is not measured.</summary>
internal sealed partial class QueryCheck
{
    // From the collector: the process; from the scrape: the target.
    private static readonly string[] Common = ["service_name", "service_instance_id", "job", "instance"];

    private readonly Dictionary<string, IReadOnlyList<string>> labels = new(StringComparer.Ordinal)
    {
        ["up"] = [],
        ["ALERTS"] = ["alertname", "alertstate", "severity"],
    };

    /// <summary>Knows metrics and the series that rules record.</summary>
    public QueryCheck(IEnumerable<DescribedMetric> metrics, IEnumerable<string> recorded)
    {
        foreach (var metric in metrics)
        {
            foreach (var name in metric.PrometheusNames)
            {
                labels.Add(name, [.. metric.PrometheusLabels]);
            }
        }

        foreach (var name in recorded)
        {
            labels.Add(name, []);
        }
    }

    /// <summary>What is wrong with a query; empty when nothing is.</summary>
    public IEnumerable<string> Problems(string expression, string? legend = null)
    {
        var query = PrometheusQuery.Read(expression);
        if (query.Selectors.Count == 0)
        {
            yield return $"no metric in {expression}";
        }

        var known = new HashSet<string>(Common, StringComparer.Ordinal);
        foreach (var (metric, used) in query.Selectors)
        {
            if (!labels.TryGetValue(metric, out var own))
            {
                yield return $"no such metric: {metric}";
                continue;
            }

            known.UnionWith(own);
            foreach (var label in used.Where(label => !own.Contains(label) && !Common.Contains(label)))
            {
                yield return $"{metric} has no label {label}";
            }
        }

        foreach (var label in query.Grouping.Where(label => !known.Contains(label)))
        {
            yield return $"no metric of {expression} has the label {label}";
        }

        // What an aggregation drops is not there to be shown.
        var shown = query.Grouping.Count > 0 ? query.Grouping.ToHashSet() : known;
        foreach (var label in LegendLabel().Matches(legend ?? "").Select(match => match.Groups[1].Value).Where(label => !shown.Contains(label)))
        {
            yield return $"the legend shows {label}, which {expression} does not have";
        }
    }

    [GeneratedRegex(@"\{\{\s*(\w+)\s*\}\}")]
    private static partial Regex LegendLabel();
}
