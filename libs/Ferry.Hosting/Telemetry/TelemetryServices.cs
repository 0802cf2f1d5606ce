using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Ferry.Hosting.Telemetry;

/// <summary>Traces, metrics and logs of a process; exported only where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set (the exporter reads the other variables itself).</summary>
internal static class TelemetryServices
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Adds them under the name of the service.</summary>
    public static void Add(IHostApplicationBuilder builder, string service)
    {
        builder.Logging.Configure(options =>
            options.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);
        if (!IsExported(builder))
        {
            // Nobody collects: no provider, no cost at start; ids of traces only.
            builder.Services.AddHostedService<TraceContext>();
            return;
        }

        HostingTelemetry.ObserveUptime();
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(
                service == "ferry" ? service : $"ferry-{service}", serviceInstanceId: $"{Environment.MachineName}/{Environment.ProcessId}"))
            .WithTracing(tracing => tracing
                .AddSource("Ferry.*", "MassTransit")
                .AddAspNetCoreInstrumentation(options => options.Filter = IsWorthASpan)
                .AddHttpClientInstrumentation())
            .WithMetrics(metrics => metrics
                .AddMeter("Ferry.*")
                .SetExemplarFilter(ExemplarFilterType.TraceBased)
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation())
            .WithLogging(configureBuilder: null, configureOptions: logging =>
            {
                logging.IncludeFormattedMessage = true;
                logging.IncludeScopes = true;
            })
            .UseOtlpExporter();
    }

    /// <summary>Whether somebody collects what the process measures.</summary>
    public static bool IsExported(IHostApplicationBuilder builder) => !string.IsNullOrEmpty(builder.Configuration[Endpoint]);

    // Probes, and clients that ask again and again how far something is, would bury the traces of the work.
    private static bool IsWorthASpan(HttpContext context) =>
        !context.Request.Path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase)
        && !(HttpMethods.IsGet(context.Request.Method) && context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase));
}
