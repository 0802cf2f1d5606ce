using Ferry.Hosting.Documents;
using Ferry.Hosting.Health;
using Ferry.Hosting.Jobs;
using Ferry.Hosting.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Ferry.Hosting;

/// <summary>What every Ferry process has.</summary>
public static class FerryDefaultsExtensions
{
    /// <summary>
    /// Adds logging, telemetry, the document store and health checks. Once per process. A host that is no service (the command line) may clear the logging providers
    /// afterwards.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="service">Name of the service (<c>capture</c>), or <c>ferry</c> for a process of all services.</param>
    public static IHostApplicationBuilder AddFerryDefaults(this IHostApplicationBuilder builder, string service)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(service);
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.IncludeScopes = true;
            console.ColorBehavior = LoggerColorBehavior.Disabled;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
        });
        TelemetryServices.Add(builder, service);
        JobServices.AddShared(builder.Services);
        builder.AddDocumentStore();
        builder.Services.PostConfigure<DocumentStoreOptions>(options => options.Path ??= Path.Combine("data", "ferry.db"));
        builder.Services.AddHealthChecks().AddCheck<DocumentStoreHealthCheck>("documents", tags: ["ready"]);
        return builder;
    }

    /// <summary>Maps <c>/health/live</c> (the process answers) and <c>/health/ready</c> (the bus and the document store answer too).</summary>
    public static IEndpointRouteBuilder MapFerryDefaults(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        endpoints.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
        endpoints.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains("ready") }).AllowAnonymous();
        return endpoints;
    }
}
