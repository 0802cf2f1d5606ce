using System.Text.RegularExpressions;

namespace Ferry.Deployment.Tests.Monitoring;

/// <summary>Every alert says what to do, and its unit tests let it fire and not fire.</summary>
public sealed partial class AlertTests
{
    [Fact]
    public void EveryAlert_HasSeveritySummaryAndRunbook_AndEveryRunbookAnAlert()
    {
        var runbooks = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var alert in MonitoringFiles.Alerts)
        {
            var annotations = MonitoringFiles.Map(alert, "annotations");
            Assert.Contains(MonitoringFiles.Map(alert, "labels")["severity"], (string[])["page", "ticket"]);
            Assert.False(string.IsNullOrWhiteSpace((string)annotations["summary"]));
            runbooks.Add((string)annotations["runbook_url"], (string)alert["alert"]);
        }

        Assert.NotEmpty(runbooks);
        Assert.Equal(
            Directory.GetFiles(Repository.File("docs", "runbooks")).Select(file => $"docs/runbooks/{Path.GetFileName(file)}").Order(StringComparer.Ordinal),
            runbooks.Keys.Order(StringComparer.Ordinal));
        foreach (var (file, alert) in runbooks)
        {
            var text = Repository.Read(file.Split('/'));
            Assert.StartsWith($"# {alert}\n", text, StringComparison.Ordinal);
            Assert.All((string[])["## What it means", "## How to look", "## What to do"], heading => Assert.Contains(heading, text, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void EveryAlert_IsTestedToFire_AndNotToFire()
    {
        var tested = MonitoringFiles.List(MonitoringFiles.Load(MonitoringFiles.RuleTests)["tests"])
            .SelectMany(test => MonitoringFiles.List(test["alert_rule_test"]))
            .Select(test => (Alert: (string)test["alertname"], Fires: ((List<object>)test["exp_alerts"]).Count > 0))
            .Distinct()
            .OrderBy(test => test.ToString(), StringComparer.Ordinal);
        var expected = MonitoringFiles.Alerts.Select(alert => (string)alert["alert"])
            .SelectMany(alert => new[] { (Alert: alert, Fires: false), (Alert: alert, Fires: true) })
            .OrderBy(test => test.ToString(), StringComparer.Ordinal);
        Assert.Equal(expected, tested);
    }

    [Fact]
    public void Runbooks_NameCodesMetricsCommandsAndPagesThatExist()
    {
        var errors = Repository.Read("docs", "errors.md");
        var metrics = MonitoringFiles.Metrics.Select(metric => metric.Name).ToHashSet();
        var readme = Repository.Read("README.md");
        foreach (var file in Directory.GetFiles(Repository.File("docs", "runbooks")))
        {
            var text = File.ReadAllText(file);
            Assert.All(Code().Matches(text).Select(code => code.Value), code => Assert.Contains(code, errors, StringComparison.Ordinal));
            Assert.All(Metric().Matches(text).Select(metric => metric.Groups[1].Value), metric => Assert.Contains(metric, metrics));
            Assert.All(
                Link().Matches(text).Select(link => link.Groups[1].Value),
                link => Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(file)!, link)), $"{file}: {link}"));
            Assert.All(
                Command().Matches(text).Select(command => command.Groups[1].Value),
                command => Assert.True(Regex.IsMatch(readme, $@"[` ,]{command}[` ,\\]|\b{command}\b"), $"{file}: ferry {command}"));
        }
    }

    [GeneratedRegex("`(?!OTEL_)[A-Z]+(?:_[A-Z]+)+`")]
    private static partial Regex Code();

    [GeneratedRegex(@"`(ferry\.[a-z.]+)`")]
    private static partial Regex Metric();

    [GeneratedRegex(@"\]\(([^)#:]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex("`ferry ([a-z-]+)")]
    private static partial Regex Command();
}
