using System.Text.Json.Nodes;

namespace Ferry.Deployment.Tests.Monitoring;

/// <summary>The dashboards can be loaded together, and ask data sources that are provisioned.</summary>
public sealed class DashboardTests
{
    private static readonly IReadOnlyDictionary<string, JsonObject> All = MonitoringFiles.Dashboards;

    [Fact]
    public void Dashboards_AreThose_WithUidsAndTitlesOfTheirOwn()
    {
        Assert.Equal(["conversion.json", "fleet.json", "messaging.json", "services.json", "transfer.json"], All.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(All.Count, All.Values.Select(dashboard => (string)dashboard["uid"]!).Distinct().Count());
        Assert.Equal(All.Count, All.Values.Select(dashboard => (string)dashboard["title"]!).Distinct().Count());
        Assert.All(All, dashboard => Assert.Equal("ferry-" + Path.GetFileNameWithoutExtension(dashboard.Key), (string)dashboard.Value["uid"]!));
    }

    [Fact]
    public void Panels_HaveIdsAndTitles_AndDoNotOverlap()
    {
        foreach (var (file, dashboard) in All)
        {
            var panels = MonitoringFiles.Panels(dashboard).ToList();
            Assert.Equal(panels.Count, panels.Select(panel => (int)panel["id"]!).Distinct().Count());
            Assert.All(panels, panel => Assert.False(string.IsNullOrWhiteSpace((string?)panel["title"]), file));
            var taken = new HashSet<(int, int)>();
            foreach (var place in panels.Select(panel => panel["gridPos"]!))
            {
                Assert.InRange((int)place["x"]! + (int)place["w"]!, 1, 24);
                Assert.All(
                    Enumerable.Range((int)place["x"]!, (int)place["w"]!).SelectMany(x => Enumerable.Range((int)place["y"]!, (int)place["h"]!).Select(y => (x, y))),
                    cell => Assert.True(taken.Add(cell), $"{file}: two panels at {cell}"));
            }
        }
    }

    [Fact]
    public void DataSources_AreProvisioned()
    {
        var provisioned = MonitoringFiles.List(MonitoringFiles.Load(Path.Combine(MonitoringFiles.Config, "grafana", "datasources.yaml"))["datasources"])
            .ToDictionary(source => (string)source["uid"], source => (string)source["type"]);
        foreach (var source in All.Values.SelectMany(MonitoringFiles.Panels).Select(panel => panel["datasource"]).OfType<JsonObject>())
        {
            Assert.Equal((string)source["type"]!, provisioned.GetValueOrDefault((string)source["uid"]!));
        }
    }

    [Fact]
    public void OneConversion_IsAskedOfTheTraces_AndLinksStayInTheDashboards()
    {
        var conversion = All["conversion.json"];
        var targets = MonitoringFiles.Panels(conversion).SelectMany(panel => panel["targets"]?.AsArray() ?? []).ToList();
        Assert.Contains(targets, target => (string?)target!["tags"] == "ferry.conversion.id=$conversion");
        Assert.Contains(targets, target => (string?)target!["query"] == "$trace");
        var link = (string)MonitoringFiles.Panels(conversion).Single(panel => (string)panel["type"]! == "table")["fieldConfig"]!["overrides"]![0]!["properties"]![0]!["value"]![0]!["url"]!;
        Assert.StartsWith($"/d/{conversion["uid"]}?", link, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryVariable_IsDefined()
    {
        foreach (var (file, dashboard) in All)
        {
            var text = dashboard.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
            var defined = dashboard["templating"]!["list"]!.AsArray().Select(variable => (string)variable!["name"]!).Append("__rate_interval").Append("__all").ToHashSet();
            var used = System.Text.RegularExpressions.Regex.Matches(text, @"\$([a-z_]+)").Select(match => match.Groups[1].Value).Distinct();
            Assert.All(used, variable => Assert.True(defined.Contains(variable), $"{file}: ${variable}"));
        }
    }
}
