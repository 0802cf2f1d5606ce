using Ferry.Testing;

namespace Ferry.Deployment.Tests.Monitoring;

/// <summary>Every query of dashboards and rules names metrics that the code makes, by way of docs/telemetry.md, which is compared with the code elsewhere.</summary>
public sealed class QueryTests
{
    private static readonly QueryCheck Check = new(
        MonitoringFiles.Metrics, MonitoringFiles.AllRules.Where(rule => rule.ContainsKey("record")).Select(rule => (string)rule["record"]));

    public static TheoryData<string> Dashboards => [.. MonitoringFiles.Dashboards.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Dashboards))]
    public void EveryQueryOfADashboard_NamesWhatIsMeasured(string file)
    {
        var queries = MonitoringFiles.Queries(MonitoringFiles.Dashboards[file]).ToList();
        Assert.NotEmpty(queries);
        Assert.Empty(queries.SelectMany(query => Check.Problems(query.Expression, query.Legend).Select(problem => $"{query.Where}: {problem}")));
    }

    [Fact]
    public void EveryRule_NamesWhatIsMeasured() =>
        Assert.Empty(MonitoringFiles.AllRules.SelectMany(rule => Check.Problems((string)rule["expr"]).Select(problem => $"{rule.GetValueOrDefault("alert") ?? rule["record"]}: {problem}")));

    [Fact]
    public void EveryMetricOfFerry_IsInADashboardOrARule()
    {
        var used = MonitoringFiles.Dashboards.Values.SelectMany(MonitoringFiles.Queries).Select(query => query.Expression)
            .Concat(MonitoringFiles.AllRules.Select(rule => (string)rule["expr"]))
            .SelectMany(expression => PrometheusQuery.Read(expression).Selectors.Select(selector => selector.Metric))
            .ToHashSet();
        Assert.Empty(MonitoringFiles.Metrics.Where(metric => !metric.PrometheusNames.Any(used.Contains)).Select(metric => metric.Name));
    }

    [Theory]
    [InlineData("sum(rate(ferry_bytes_totals[5m]))", null, "no such metric: ferry_bytes_totals")]
    [InlineData("sum(ferry_bytes_total{ferry_kind=\"zero\"})", null, "ferry_bytes_total has no label ferry_kind")]
    [InlineData("sum by (ferry_kind) (ferry_bytes_total)", null, "has the label ferry_kind")]
    [InlineData("sum by (ferry_step) (ferry_bytes_total)", "{{ferry_bytes_kind}}", "the legend shows ferry_bytes_kind")]
    [InlineData("ferry_step_duration_seconds", null, "no such metric: ferry_step_duration_seconds")]
    [InlineData("label_values(ferry_process_uptime_seconds, service)", null, "has no label service")]
    [InlineData("1 > 0", null, "no metric")]
    public void WrongQuery_IsFound(string expression, string? legend, string problem) =>
        Assert.Contains(problem, Assert.Single(Check.Problems(expression, legend)), StringComparison.Ordinal);

    [Theory]
    [InlineData("ferry.bytes", "By", "counter", "ferry_bytes_total")]
    [InlineData("ferry.store.collected.bytes", "By", "counter", "ferry_store_collected_bytes_total")]
    [InlineData("ferry.upload.received", "By", "counter", "ferry_upload_received_bytes_total")]
    [InlineData("ferry.transfer.limit", "By/s", "gauge", "ferry_transfer_limit_bytes_per_second")]
    [InlineData("ferry.job.active", "{job}", "up-down counter", "ferry_job_active")]
    [InlineData("dotnet.process.memory.working_set", "By", "up-down counter", "dotnet_process_memory_working_set_bytes")]
    [InlineData("ferry.step.duration", "s", "histogram", "ferry_step_duration_seconds_bucket ferry_step_duration_seconds_sum ferry_step_duration_seconds_count")]
    public void Name_IsThatOfTheExporter(string name, string unit, string kind, string expected) =>
        Assert.Equal(expected, string.Join(' ', new DescribedMetric(name, unit, kind, []).PrometheusNames));
}
