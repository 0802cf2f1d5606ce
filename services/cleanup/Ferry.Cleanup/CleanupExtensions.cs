using Ferry.Cleanup.Store;
using Ferry.Hosting;
using MassTransit;

namespace Ferry.Cleanup;

/// <summary>Registers the cleanup service.</summary>
public static class CleanupExtensions
{
    /// <summary>Adds the cleanup service to a host.</summary>
    public static IHostApplicationBuilder AddCleanup(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddOptions<CleanUpOptions>().BindConfiguration(CleanUpOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<CleanUp>();
        builder.AddOutbox<CleanUpRequest>(CleanUpRequest.Collection);
        builder.AddBusParticipant(bus =>
        {
            bus.AddConsumer<CleanUpConversionConsumer, CleanUpConversionDefinition>();
            bus.AddConsumer<ResourcesReleasedConsumer, ResourcesReleasedDefinition>();
        });
        builder.AddStoreCare();
        return builder;
    }
}
