using Ferry.Chunks.Store;
using Ferry.Hosting;
using Ferry.Hosting.Documents;
using MassTransit;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Ferry.Cleanup.Store;

/// <summary>Registers what looks after the chunk store.</summary>
public static class StoreExtensions
{
    /// <summary>Adds statistics, verification and garbage collection of the chunk store.</summary>
    public static IHostApplicationBuilder AddStoreCare(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddChunkStore();
        var services = builder.Services;
        services.AddOptions<CollectionOptions>().BindConfiguration(CollectionOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CollectionOptions>, CollectionOptionsValidator>());
        services.AddSingleton<StoreTasks>();
        services.AddSingleton<StoreStatistics>();
        services.AddSingleton<IStoreQuestions, StoreQuestions>();
        services.AddSingleton<LiveManifestQuery>();
        services.AddSingleton<GarbageCollection>();
        services.AddSingleton<StoreVerification>();
        services.AddSingleton<IHostedService>(provider => ActivatorUtilities.CreateInstance<StoreTaskRunner>(provider, provider.GetRequiredService<GarbageCollection>()));
        services.AddSingleton<IHostedService>(provider => ActivatorUtilities.CreateInstance<StoreTaskRunner>(provider, provider.GetRequiredService<StoreVerification>()));
        services.AddHostedService<CollectionSchedule>();
        builder.AddGauge<StoreGauge>();
        builder.AddBusParticipant(bus => bus.AddConsumer<LiveManifestsListedConsumer, LiveManifestsListedDefinition>());
        return builder;
    }
}
