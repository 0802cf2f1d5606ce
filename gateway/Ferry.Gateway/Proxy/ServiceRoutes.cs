using Ferry.Hosting.Api;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Transforms;

namespace Ferry.Gateway.Proxy;

/// <summary>The routes of the gateway: which path goes to which service. The gateway knows no message.</summary>
public static class ServiceRoutes
{
    /// <summary>Registers the reverse proxy.</summary>
    public static IHostApplicationBuilder AddServiceRoutes(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddOptions<ServiceRoutesOptions>().BindConfiguration(ServiceRoutesOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<IProxyConfigProvider>(services => Configuration(services.GetRequiredService<IOptions<ServiceRoutesOptions>>().Value));

        // The services behind the gateway trust it; a client's key ends here.
        builder.Services.AddReverseProxy().AddTransforms(context => context
            .AddRequestHeaderRemove(ApiKeys.HeaderName)
            .AddRequestHeaderRemove("Authorization"));
        return builder;
    }

    private static InMemoryConfigProvider Configuration(ServiceRoutesOptions services) => new(
        [
            Route("conversions", "orchestrator", "/api/v1/conversions/{**rest}"),
            Route("dead-letters", "orchestrator", "/api/v1/dead-letters/{**rest}"),
            Route("residue", "orchestrator", "/api/v1/residue/{**rest}"),
            Route("conversions-document", "orchestrator", "/openapi/v1.json"),
            Route("transfers", "transfer", "/api/v1/transfers/{**rest}"),
            Route("library", "transfer", "/api/v1/library/{**rest}"),
            Route("limits", "transfer", "/api/v1/limits/{**rest}"),
            Route("transfers-document", "transfer", "/openapi/transfer.json"),
            Route("store", "cleanup", "/api/v1/store/{**rest}"),
            Route("store-document", "cleanup", "/openapi/cleanup.json"),
        ],
        [Cluster("orchestrator", services.Orchestrator), Cluster("transfer", services.Transfer), Cluster("cleanup", services.Cleanup)]);

    private static RouteConfig Route(string id, string cluster, string path) =>
        new() { RouteId = id, ClusterId = cluster, Match = new RouteMatch { Path = path } };

    private static ClusterConfig Cluster(string id, Uri address) => new()
    {
        ClusterId = id,
        Destinations = new Dictionary<string, DestinationConfig> { [id] = new() { Address = address.AbsoluteUri } },
        HealthCheck = new HealthCheckConfig { Passive = new PassiveHealthCheckConfig { Enabled = true } },
    };
}
