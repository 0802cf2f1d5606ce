using System.Text.RegularExpressions;

namespace Ferry.Architecture.Tests;

/// <summary>docs/telemetry.md lists the metrics that the code makes, with their units: no more, no fewer.</summary>
public sealed partial class TelemetryTests
{
    [Fact]
    public void EveryMetric_StandsInTheDocs_AndEveryMetricOfTheDocsIsMade()
    {
        var described = Row().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "telemetry.md")))
            .Select(row => (Name: row.Groups[1].Value, Unit: row.Groups[2].Value))
            .Order();
        var made = Repository.ProductSources
            .SelectMany(path => Instrument().Matches(File.ReadAllText(path)))
            .Select(instrument => (Name: instrument.Groups[1].Value, Unit: instrument.Groups[2].Value))
            .Order();
        Assert.NotEmpty(made);
        Assert.Equal(described, made);
    }

    // CreateCounter<long>("ferry.bytes", "By", ...), CreateObservableGauge("...", observe, "{conversion}", ...)
    [GeneratedRegex("""\.Create(?:Observable)?(?:Counter|UpDownCounter|Histogram|Gauge)(?:<\w+>)?\(\s*"([^"]+)",\s*(?:[^",]+,\s*)?"([^"]+)",""")]
    private static partial Regex Instrument();

    [GeneratedRegex(@"^\| `(ferry\.[a-z.]+)` \| `([^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
