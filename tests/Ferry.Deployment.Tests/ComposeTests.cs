using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Ferry.Deployment.Tests;

/// <summary>The compose file names every service, and only settings that are documented.</summary>
public sealed partial class ComposeTests
{
    private static readonly string[] Backends = ["rabbitmq", "mongodb", "collector", "jaeger", "prometheus", "grafana"];

    [Fact]
    public void Compose_HasEveryServiceAndBackend()
    {
        var services = (Dictionary<object, object>)Load("compose.yaml")["services"];
        Assert.Equal(Hosts.Services.Concat(Backends).Order(), services.Keys.Cast<string>().Order());
    }

    [Fact]
    public void Compose_BuildsWithTheDockerfileOfTheService()
    {
        var services = (Dictionary<object, object>)Load("compose.yaml")["services"];
        foreach (var service in Hosts.Services)
        {
            var build = (Dictionary<object, object>)((Dictionary<object, object>)services[service])["build"];
            Assert.Equal($"docker/{service}.Dockerfile", build["dockerfile"]);
        }
    }

    [Fact]
    public void EveryVariableOfTheComposeFile_IsInTheExample()
    {
        var known = Repository.Read("docker", ".env.example").Split('\n').Where(line => line.Contains('=')).Select(line => line.Split('=')[0]).ToHashSet();
        var used = Variable().Matches(Repository.Read("docker", "compose.yaml")).Select(x => x.Groups[1].Value).Distinct();
        Assert.All(used, variable => Assert.Contains(variable, known));
    }

    [Theory]
    [InlineData("docker", "compose.yaml")]
    [InlineData("k8s", "base/config.yaml")]
    public void EverySetting_IsDocumented(string folder, string file)
    {
        var documented = Repository.Read("docs", "running.md");
        var used = Setting().Matches(Repository.Read([folder, .. file.Split('/')])).Select(x => x.Value)
            .Where(x => !x.StartsWith("Ferry__ApiKeys__Sha256__", StringComparison.Ordinal)).Distinct();
        Assert.All(used, setting => Assert.Contains(setting, documented, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("collector.yaml")]
    [InlineData("prometheus/prometheus.yaml")]
    [InlineData("grafana/datasources.yaml")]
    [InlineData("grafana/dashboards.yaml")]
    public void ConfigurationFile_Parses(string file) => Assert.NotEmpty(Load(["config", .. file.Split('/')]));

    [Fact]
    public void EveryMountedFile_IsThere_AndEveryFileIsMounted()
    {
        var services = (Dictionary<object, object>)Load("compose.yaml")["services"];
        var mounts = services.Values.Cast<Dictionary<object, object>>()
            .SelectMany(service => service.TryGetValue("volumes", out var volumes) ? ((List<object>)volumes).Cast<string>() : [])
            .Where(mount => mount.StartsWith("./config/", StringComparison.Ordinal))
            .Select(mount => mount.Split(':'))
            .ToDictionary(mount => mount[0]["./".Length..], mount => mount[1]);
        Assert.All(mounts.Keys, path => Assert.True(Path.Exists(Repository.File(["docker", .. path.Split('/')])), path));

        // Rules beside the settings that name them, dashboards where their provider looks.
        Assert.Equal(Path.GetDirectoryName(mounts["config/prometheus/prometheus.yaml"]), Path.GetDirectoryName(mounts["config/prometheus/alerts.yaml"]));
        Assert.Contains($"path: {mounts["config/grafana/dashboards"]}", Repository.Read("docker", "config", "grafana", "dashboards.yaml"), StringComparison.Ordinal);
        Assert.Equal("/etc/grafana/provisioning/dashboards", Path.GetDirectoryName(mounts["config/grafana/dashboards.yaml"]));
        Assert.Equal("/etc/grafana/provisioning/datasources", Path.GetDirectoryName(mounts["config/grafana/datasources.yaml"]));
        Assert.Contains($"--config.file={mounts["config/prometheus/prometheus.yaml"]}", Repository.Read("docker", "compose.yaml"), StringComparison.Ordinal);
    }

    private static Dictionary<object, object> Load(params string[] parts)
    {
        using var reader = new StringReader(Repository.Read(["docker", .. parts]));
        return new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(new MergingParser(new Parser(reader)));
    }

    [GeneratedRegex(@"\$\{([A-Z_0-9]+)")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\bFerry__[A-Za-z0-9_]+")]
    private static partial Regex Setting();
}
