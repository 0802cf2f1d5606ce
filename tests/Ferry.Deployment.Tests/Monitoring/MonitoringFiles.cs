using System.Text.Json;
using System.Text.Json.Nodes;
using Ferry.Testing;
using YamlDotNet.Serialization;

namespace Ferry.Deployment.Tests.Monitoring;

/// <summary>Dashboards, rules and runbooks of the repository.</summary>
internal static class MonitoringFiles
{
    /// <summary>Folder of the settings of the monitoring programs.</summary>
    public static string Config => Repository.File("docker", "config");

    /// <summary>The rule file.</summary>
    public static string Rules => Path.Combine(Config, "prometheus", "alerts.yaml");

    /// <summary>Its unit tests.</summary>
    public static string RuleTests => Path.Combine(Config, "prometheus", "alerts.tests.yaml");

    /// <summary>The metrics of docs/telemetry.md.</summary>
    public static IReadOnlyList<DescribedMetric> Metrics => DescribedMetric.Read(Repository.Read("docs", "telemetry.md"));

    /// <summary>Dashboards, by the name of their file.</summary>
    public static IReadOnlyDictionary<string, JsonObject> Dashboards => Directory.GetFiles(Path.Combine(Config, "grafana", "dashboards"))
        .ToDictionary(file => Path.GetFileName(file), file => JsonNode.Parse(File.ReadAllText(file), documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false })!.AsObject());

    /// <summary>Rules of the rule file: alerts have <c>alert</c>, records <c>record</c>.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<object, object>> AllRules => [.. List(Load(Rules)["groups"]).SelectMany(group => List(group["rules"]))];

    /// <summary>The alerts among them.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<object, object>> Alerts => [.. AllRules.Where(rule => rule.ContainsKey("alert"))];

    /// <summary>Reads a YAML file.</summary>
    public static IReadOnlyDictionary<object, object> Load(string file) => new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(File.ReadAllText(file));

    /// <summary>A list of mappings.</summary>
    public static IEnumerable<IReadOnlyDictionary<object, object>> List(object list) => ((List<object>)list).Cast<Dictionary<object, object>>();

    /// <summary>A mapping below a mapping.</summary>
    public static IReadOnlyDictionary<object, object> Map(IReadOnlyDictionary<object, object> map, string key) => (Dictionary<object, object>)map[key];

    /// <summary>Panels of a dashboard.</summary>
    public static IEnumerable<JsonObject> Panels(JsonObject dashboard) => dashboard["panels"]!.AsArray().Select(panel => panel!.AsObject());

    /// <summary>Queries to Prometheus in a dashboard, those of its variables too, with the legend that shows their labels.</summary>
    public static IEnumerable<(string Where, string Expression, string? Legend)> Queries(JsonObject dashboard)
    {
        foreach (var panel in Panels(dashboard))
        {
            foreach (var target in panel["targets"]?.AsArray() ?? [])
            {
                if (target!["expr"] is { } expression)
                {
                    yield return ($"{dashboard["title"]}: {panel["title"]}", (string)expression!, (string?)target["legendFormat"]);
                }
            }
        }

        foreach (var variable in dashboard["templating"]!["list"]!.AsArray().Where(variable => (string?)variable!["type"] == "query"))
        {
            yield return ($"{dashboard["title"]}: variable {variable!["name"]}", (string)variable["query"]!["query"]!, null);
        }
    }
}
