using System.Diagnostics;
using System.Text.Json;
using Ferry.TestServices;

namespace Ferry.Deployment.Tests.Monitoring;

/// <summary>What Prometheus's own tool says of rules, settings and queries. Skipped where it is missing (Debian: prometheus).</summary>
public sealed class PromtoolTests
{
    [Fact]
    public async Task Rules_AreRight() => await RunAsync("check", "rules", MonitoringFiles.Rules);

    [Fact]
    public async Task Settings_AreRight_WithTheRulesThatTheyName() => await RunAsync("check", "config", Path.Combine(MonitoringFiles.Config, "prometheus", "prometheus.yaml"));

    [Fact]
    public async Task EveryAlert_FiresWhenItShould() => await RunAsync("test", "rules", MonitoringFiles.RuleTests);

    [Fact]
    public async Task QueriesOfDashboards_AreRight()
    {
        // As rules of one group; JSON is YAML. Grafana puts durations and names where its variables stand.
        using var folder = new TempFolder("promtool");
        var rules = MonitoringFiles.Dashboards.Values.SelectMany(MonitoringFiles.Queries)
            .Where(query => !query.Expression.StartsWith("label_values", StringComparison.Ordinal))
            .Select((query, i) => new { record = $"query:{i}", expr = query.Expression.Replace("$__rate_interval", "1m", StringComparison.Ordinal).Replace("$service", ".*", StringComparison.Ordinal) });
        var file = folder.File("queries.yaml");
        await File.WriteAllTextAsync(
            file, JsonSerializer.Serialize(new { groups = new[] { new { name = "dashboards", rules } } }), TestContext.Current.CancellationToken);
        await RunAsync("check", "rules", file);
    }

    private static async Task RunAsync(params string[] arguments)
    {
        Process process;
        try
        {
            process = Process.Start(new ProcessStartInfo("promtool", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            Assert.Skip($"promtool is not installed (prometheus): {exception.Message}");
            throw;
        }

        using (process)
        {
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(process.ExitCode == 0, $"{await output}{errors}");
        }
    }
}
