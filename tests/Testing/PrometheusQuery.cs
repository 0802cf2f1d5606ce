using System.Text.RegularExpressions;

namespace Ferry.Testing;

/// <summary>What a PromQL expression names. Its syntax is promtool's business; this only finds names in one that is right.</summary>
internal sealed partial class PrometheusQuery
{
    private static readonly string[] Words = ["and", "or", "unless", "bool", "offset", "by", "without", "on", "ignoring", "group_left", "group_right", "inf", "nan"];

    private PrometheusQuery(IReadOnlyList<(string Metric, IReadOnlyList<string> Labels)> selectors, IReadOnlyList<string> grouping) =>
        (Selectors, Grouping) = (selectors, grouping);

    /// <summary>Series with the labels that they are selected by.</summary>
    public IReadOnlyList<(string Metric, IReadOnlyList<string> Labels)> Selectors { get; }

    /// <summary>Labels of aggregations and of matching.</summary>
    public IReadOnlyList<string> Grouping { get; }

    /// <summary>Reads an expression, or a <c>label_values(series, label)</c> of Grafana.</summary>
    public static PrometheusQuery Read(string expression)
    {
        if (LabelValues().Match(expression) is { Success: true } values)
        {
            return new PrometheusQuery([(values.Groups[1].Value, [values.Groups[2].Value])], []);
        }

        var bare = Text().Replace(expression, "\"\"");
        var grouping = GroupingClause().Matches(bare).SelectMany(clause => Names(clause.Groups[1].Value)).Distinct().ToList();
        bare = Range().Replace(GroupingClause().Replace(bare, " "), " ");
        var selectors = Selector().Matches(bare)
            .Where(match => !Words.Contains(match.Groups[1].Value.ToLowerInvariant()))
            .Select(match => (match.Groups[1].Value, (IReadOnlyList<string>)[.. Matcher().Matches(match.Groups[2].Value).Select(label => label.Groups[1].Value)]))
            .ToList();
        return new PrometheusQuery(selectors, grouping);
    }

    private static string[] Names(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex(@"^label_values\((\w+),\s*(\w+)\)$")]
    private static partial Regex LabelValues();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Text();

    [GeneratedRegex(@"\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)")]
    private static partial Regex GroupingClause();

    [GeneratedRegex(@"\[[^\]]*\]")]
    private static partial Regex Range();

    // A name that is no function, with or without matchers.
    [GeneratedRegex(@"(?<![\w:.])([a-zA-Z_:][\w:]*)(?![\w:]*\s*\()\s*(?:\{([^}]*)\})?")]
    private static partial Regex Selector();

    [GeneratedRegex(@"(\w+)\s*(?:=~|!~|!=|=)")]
    private static partial Regex Matcher();
}
