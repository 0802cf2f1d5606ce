using System.Text.Json.Serialization;
using Ferry.Hosting.Bus;
using Ferry.Hosting.Jobs;
using Ferry.Hosting.Live;
using Ferry.Hosting.Outbox;
using Ferry.Hosting.Telemetry;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Ferry.Hosting;

/// <summary>The bus of a process: collected from its services, built once.</summary>
public static class FerryBusExtensions
{
    /// <summary>Adds consumers or sagas of a service to the bus that <see cref="AddFerryBus"/> builds.</summary>
    public static IHostApplicationBuilder AddBusParticipant(this IHostApplicationBuilder builder, Action<IBusRegistrationConfigurator> participant)
    {
        ArgumentNullException.ThrowIfNull(builder);
        FerryParts.Of(builder).Participants.Add(participant);
        return builder;
    }

    /// <summary>Builds the bus from what the services have added, and starts their workers after it and stops them before it. To be called last, once.</summary>
    public static IHostApplicationBuilder AddFerryBus(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var parts = FerryParts.Of(builder);
        var services = builder.Services;
        services.AddOptions<BusOptions>().BindConfiguration(BusOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        var options = builder.Configuration.GetSection(BusOptions.SectionName).Get<BusOptions>() ?? new BusOptions();

        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.SetKebabCaseEndpointNameFormatter();
            bus.AddConfigureEndpointsCallback((_, _, endpoint) => EndpointSettings.UseQuorumQueue(endpoint));
            foreach (var participant in parts.Participants)
            {
                participant(bus);
            }

            if (options.IsRabbitMq)
            {
                bus.UsingRabbitMq((context, configurator) =>
                {
                    var uri = new Uri(options.Uri);
                    configurator.Host(uri, host => SetCredentials(host, options));
                    Configure(configurator, context, parts);
                });
            }
            else
            {
                bus.UsingInMemory((context, configurator) => Configure(configurator, context, parts));
            }
        });
        services.Configure<MassTransitHostOptions>(host =>
        {
            // In one process the bus is there at once. With a broker the process waits in its readiness, not in its start.
            host.WaitUntilStarted = !options.IsRabbitMq;
            host.StopTimeout = TimeSpan.FromSeconds(15);
        });

        services.AddReceiveObserver<PoisonObserver>();
        services.TryAddSingleton<StoreGate>();
        services.TryAddSingleton<IMessageSender, BusMessageSender>();
        services.AddHostedService<OutboxSweeper>();
        foreach (var jobs in parts.Jobs)
        {
            JobServices.AddWorkers(services, jobs);
            if (TelemetryServices.IsExported(builder))
            {
                JobServices.AddGauge(services, jobs);
            }
        }

        if (options is { IsRabbitMq: true, QueueDepthSeconds: > 0 })
        {
            builder.AddGauge<QueueDepthGauge>();
        }

        return builder;
    }

    private static void Configure<T>(IBusFactoryConfigurator<T> configurator, IBusRegistrationContext context, FerryParts parts) where T : IReceiveEndpointConfigurator
    {
        configurator.ConfigureJsonSerializerOptions(json =>
        {
            json.Converters.Add(new JsonStringEnumConverter());
            return json;
        });

        foreach (var service in parts.Jobs.Where(jobs => jobs.Release is not null).Select(jobs => jobs.Service))
        {
            // The registration context itself knows no keyed services.
            var provider = context.GetRequiredService<IServiceProvider>();
            ServiceEndpoint(ReleaseResourcesConsumer.Endpoint(service), endpoint =>
                endpoint.Consumer(() => new ReleaseResourcesConsumer(service, provider.GetRequiredKeyedService<IJobQueue>(service))));
            ServiceEndpoint(ConversionHeldConsumer.Endpoint(service), endpoint =>
                endpoint.Consumer(() => new ConversionHeldConsumer(provider.GetRequiredKeyedService<IJobQueue>(service))));
        }

        foreach (var service in parts.Jobs.Select(jobs => jobs.Service))
        {
            configurator.ReceiveEndpoint(ListLiveManifestsConsumer.Endpoint(service), endpoint =>
            {
                EndpointSettings.UseQuorumQueue(endpoint);
                EndpointSettings.Apply(endpoint, prefetch: 1, context);
                endpoint.ConcurrentMessageLimit = 1;
                var provider = context.GetRequiredService<IServiceProvider>();
                endpoint.Consumer(() => new ListLiveManifestsConsumer(provider.GetRequiredKeyedService<JobManifests>(service)));
            });
        }

        if (parts.Jobs.Count > 0)
        {
            configurator.ReceiveEndpoint($"jobs-nudged-{Guid.NewGuid():N}", endpoint =>
            {
                endpoint.PrefetchCount = 16;
                endpoint.ConcurrentMessageLimit = 1;
                if (endpoint is IRabbitMqReceiveEndpointConfigurator rabbitMq)
                {
                    rabbitMq.AutoDelete = true;
                    rabbitMq.Durable = false;
                }

                endpoint.Consumer(() => new JobsNudgedConsumer(context.GetRequiredService<JobSignals>()));
            });
        }

        configurator.ConfigureEndpoints(context);

        void ServiceEndpoint(string name, Action<IReceiveEndpointConfigurator> consume) => configurator.ReceiveEndpoint(name, endpoint =>
        {
            EndpointSettings.UseQuorumQueue(endpoint);
            EndpointSettings.Apply(endpoint, prefetch: 8, context);
            endpoint.ConcurrentMessageLimit = 4;
            consume(endpoint);
        });
    }

    private static void SetCredentials(IRabbitMqHostConfigurator host, BusOptions options)
    {
        var (user, password) = options.Credentials;
        host.PublisherConfirmation = true;
        host.Username(user);
        host.Password(password);
    }
}
