using System.Diagnostics;
using k8s;
using k8s.Models;

namespace Ferry.Deployment.Tests;

/// <summary>The overlays render, and every object is one that Kubernetes knows, field by field.</summary>
public sealed class KustomizeTests
{
    public static TheoryData<string> Overlays => new("dev", "production");

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Overlay_RendersObjectsThatKubernetesKnows(string overlay)
    {
        // Strict: an unknown or misspelled field is an error.
        var objects = KubernetesYaml.LoadAllFromString(await RenderAsync(overlay), strict: true);
        Assert.All(objects, x => Assert.IsType<IKubernetesObject>(x, exactMatch: false));
        Assert.Equal(Hosts.Services.Order(), objects.OfType<V1Deployment>().Select(x => x.Metadata.Name).Order());
        Assert.Equal(Hosts.Services.Order(), objects.OfType<V1Service>().Select(x => x.Metadata.Name).Order());
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Pod_RunsWithLeastPrivilege_WithProbesAndLimits(string overlay)
    {
        foreach (var deployment in KubernetesYaml.LoadAllFromString(await RenderAsync(overlay), strict: true).OfType<V1Deployment>())
        {
            var pod = deployment.Spec.Template.Spec;
            var container = Assert.Single(pod.Containers);
            Assert.True(pod.SecurityContext.RunAsNonRoot);
            Assert.False(pod.AutomountServiceAccountToken);
            Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
            Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
            Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
            Assert.Equal("/health/live", container.LivenessProbe.HttpGet.Path);
            Assert.Equal("/health/ready", container.ReadinessProbe.HttpGet.Path);
            Assert.True(container.Resources.Limits.ContainsKey("memory"));
            Assert.NotEqual("ferry-" + deployment.Metadata.Name, container.Image);

            // A selector that matches nothing is accepted by the API and serves nobody.
            Assert.All(deployment.Spec.Selector.MatchLabels, label => Assert.Equal(label.Value, deployment.Spec.Template.Metadata.Labels[label.Key]));
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task AlertsAndDashboards_AreThoseOfCompose(string overlay)
    {
        var maps = KubernetesYaml.LoadAllFromString(await RenderAsync(overlay), strict: true).OfType<V1ConfigMap>().ToDictionary(map => map.Metadata.Name);
        var config = Repository.File("docker", "config");
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(config, "prometheus", "alerts.yaml"), TestContext.Current.CancellationToken), maps["ferry-alerts"].Data["alerts.yaml"]);
        var dashboards = Directory.GetFiles(Path.Combine(config, "grafana", "dashboards")).ToDictionary(file => Path.GetFileName(file), File.ReadAllText);
        Assert.Equal(dashboards.OrderBy(file => file.Key, StringComparer.Ordinal), maps["ferry-dashboards"].Data.OrderBy(file => file.Key, StringComparer.Ordinal));
        Assert.Equal("1", maps["ferry-dashboards"].Metadata.Labels["grafana_dashboard"]);
    }

    [Fact]
    public async Task NoSecretValue_IsCommitted() =>
        Assert.Empty(KubernetesYaml.LoadAllFromString(await RenderAsync("production"), strict: true).OfType<V1Secret>());

    private static async Task<string> RenderAsync(string overlay)
    {
        Process process;
        try
        {
            process = Process.Start(new ProcessStartInfo("kubectl", ["kustomize", Repository.File("k8s", "overlays", overlay)])
            {
                RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            Assert.Skip($"kubectl is not installed (kubernetes-client): {exception.Message}");
            throw;
        }

        using (process)
        {
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(process.ExitCode == 0, errors);
            return await output;
        }
    }
}
