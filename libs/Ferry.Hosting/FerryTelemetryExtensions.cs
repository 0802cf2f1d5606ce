using Ferry.Hosting.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ferry.Hosting;

/// <summary>Telemetry and health of a program that has neither bus nor store: the gateway.</summary>
public static class FerryTelemetryExtensions
{
    /// <summary>Adds traces, metrics and logs, exported when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set, and health checks.</summary>
    public static IHostApplicationBuilder AddFerryTelemetry(this IHostApplicationBuilder builder, string service)
    {
        ArgumentNullException.ThrowIfNull(builder);
        TelemetryServices.Add(builder, service);
        builder.Services.AddHealthChecks();
        return builder;
    }

    /// <summary>Adds a service that only measures, where somebody collects what it measures (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set).</summary>
    public static IHostApplicationBuilder AddGauge<TGauge>(this IHostApplicationBuilder builder) where TGauge : class, IHostedService
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (TelemetryServices.IsExported(builder))
        {
            builder.Services.AddHostedService<TGauge>();
        }

        return builder;
    }
}
