using System.Text.RegularExpressions;

namespace Ferry.Testing;

/// <summary>A metric as docs/telemetry.md describes it. A test of Ferry.Architecture.Tests compares the page with the code.</summary>
/// <param name="Name">As the code names it.</param>
/// <param name="Unit">UCUM.</param>
/// <param name="Kind">counter, up-down counter, gauge or histogram.</param>
/// <param name="Tags">Names of its tags.</param>
internal sealed partial record DescribedMetric(string Name, string Unit, string Kind, IReadOnlyList<string> Tags)
{
    /// <summary>Its series in Prometheus, as the collector's exporter names them.</summary>
    public IEnumerable<string> PrometheusNames
    {
        get
        {
            var words = Name.Split('.', '_').ToList();
            var unit = Unit.Split('/', 2);
            AddUnit(words, unit[0]);
            if (unit.Length == 2)
            {
                words.Add("per");
                AddUnit(words, unit[1], "second");
            }

            if (Kind == "counter")
            {
                words.Remove("total");
                words.Add("total");
            }

            var name = string.Join('_', words);
            return Kind == "histogram" ? [name + "_bucket", name + "_sum", name + "_count"] : [name];
        }
    }

    /// <summary>Its labels in Prometheus; those of the process are on every series.</summary>
    public IEnumerable<string> PrometheusLabels =>
        [.. Tags.Select(tag => tag.Replace('.', '_')), .. Kind == "histogram" ? ["le"] : Array.Empty<string>()];

    /// <summary>Reads the tables of docs/telemetry.md: Ferry's own metrics, and those of others that are named there.</summary>
    public static IReadOnlyList<DescribedMetric> Read(string page) => [.. Row().Matches(page).Select(row => new DescribedMetric(
        row.Groups[1].Value, row.Groups[2].Value, row.Groups[3].Value, [.. Tag().Matches(row.Groups[4].Value).Select(tag => tag.Groups[1].Value)]))];

    // Units in braces are annotations and no units.
    private static void AddUnit(List<string> words, string unit, string? singular = null)
    {
        var word = unit switch
        {
            "s" => singular ?? "seconds",
            "By" => "bytes",
            _ when unit.StartsWith('{') => null,
            _ => throw new NotSupportedException($"How the exporter writes the unit {unit} is not known here."),
        };
        if (word is not null && !words.Contains(word))
        {
            words.Add(word);
        }
    }

    // | `ferry.bytes` | `By` | counter | `ferry.step`, `ferry.bytes.kind` | ...
    [GeneratedRegex(@"^\| `([a-z][a-z._]+)` \| `([^`]+)` \| (counter|up-down counter|gauge|histogram) \| ([^|]*) ?\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`([a-z._]+)`")]
    private static partial Regex Tag();
}
