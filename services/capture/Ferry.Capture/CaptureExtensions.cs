using Ferry.Capture.Sources;
using Ferry.Chunks.Manifests;
using Ferry.Chunks.Store;
using Ferry.Contracts.Capture;
using Ferry.Contracts.Library;
using Ferry.Hosting;
using MassTransit;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Ferry.Capture;

/// <summary>Registration of the capture service.</summary>
public static class CaptureExtensions
{
    /// <summary>Name of the service.</summary>
    public const string Service = "capture";

    /// <summary>Name of its step.</summary>
    public const string Step = "capture";

    /// <summary>Name of the step of a request to the library.</summary>
    public const string ListStep = "list-files";

    /// <summary>Adds the capture service: its consumer, its job, and what they need.</summary>
    public static IHostApplicationBuilder AddCapture(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddSourceInspector();
        var services = builder.Services;
        services.AddOptions<CaptureOptions>().BindConfiguration(CaptureOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();

        builder.AddChunkStore();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<SourceCapturer>();
        builder.AddBusParticipant(bus =>
        {
            bus.AddConsumer<CaptureMachineConsumer, CaptureMachineConsumerDefinition>();
            bus.AddConsumer<ListSourceFilesConsumer, ListSourceFilesConsumerDefinition>();
        });
        services.AddSingleton<SourceFileLister>();
        builder.AddServiceJobs(Service, jobs => jobs.Handle<CaptureMachine, CaptureMachineHandler>(Step).Handle<ListSourceFiles, ListSourceFilesHandler>(ListStep));
        return builder;
    }

    /// <summary>Adds only what looks at sources: no bus, no store.</summary>
    public static IHostApplicationBuilder AddSourceInspector(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddOptions<SourcesOptions>().BindConfiguration(SourcesOptions.SectionName);
        builder.AddLibraryShare();
        services.TryAddSingleton<LibrarySources>();
        services.TryAddSingleton<SourceGuard>();
        services.TryAddSingleton(provider => new SourceSelector(
            provider.GetRequiredService<SourceGuard>(),
            SourceClient.Create(provider.GetRequiredService<IOptions<SourcesOptions>>().Value),
            provider.GetRequiredService<LibrarySources>()));
        services.TryAddSingleton<SourceInspector>();
        return builder;
    }
}
