using Ferry.Chunks.Manifests;
using Ferry.Chunks.Store;
using Ferry.Contracts.Conversion;
using Ferry.Conversion.Images;
using Ferry.Conversion.Output;
using Ferry.Conversion.Preflight;
using Ferry.Conversion.Publishing;
using Ferry.Conversion.Reports;
using Ferry.Conversion.Targets;
using Ferry.Conversion.Targets.Azure;
using Ferry.Conversion.Targets.HyperV;
using Ferry.Conversion.Targets.Kvm;
using Ferry.Conversion.Targets.Raw;
using Ferry.Hosting;
using MassTransit;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Ferry.Conversion;

/// <summary>Registers the conversion service.</summary>
public static class ConversionExtensions
{
    private const string Service = "conversion";

    /// <summary>Adds the conversion service to a host.</summary>
    public static IHostApplicationBuilder AddConversion(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddOptions<ConversionOptions>().BindConfiguration(ConversionOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        builder.AddChunkStore();
        builder.AddLibraryShare();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ConversionOutput>();
        services.AddSingleton<LibraryPublishing>();
        builder.AddTargets();
        builder.AddServiceJobs(Service, jobs => jobs
            .Handle<CheckTarget, CheckTargetHandler>(step: "preflight", finishesFirst: true)
            .Handle<ConvertDisk, ConvertDiskHandler>(step: "convert")
            .Handle<PublishMachine, PublishMachineHandler>(step: "publish", finishesFirst: true)
            .Handle<WriteReport, WriteReportHandler>(step: "report", finishesFirst: true));
        builder.AddResourceReleaser<PublishedFileReleaser>(Service);
        builder.AddResourceReleaser<StagingFolderReleaser>(Service);
        builder.AddResourceReleaser<NewFolderReleaser>(Service);
        builder.AddResourceReleaser<GrowingMachineReleaser>(Service);
        builder.AddResourceReleaser<LibraryMachineReleaser>(Service);
        builder.AddBusParticipant(bus =>
        {
            bus.AddConsumer<CheckTargetConsumer, CheckTargetDefinition>();
            bus.AddConsumer<ConvertDiskConsumer, ConvertDiskDefinition>();
            bus.AddConsumer<PublishMachineConsumer, PublishMachineDefinition>();
            bus.AddConsumer<WriteReportConsumer, WriteReportDefinition>();
        });
        return builder;
    }

    /// <summary>Adds only what knows the targets: no bus, no store.</summary>
    public static IHostApplicationBuilder AddTargets(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<ITargetDefinition, HyperVTarget>();
        builder.Services.AddSingleton<ITargetDefinition, KvmTarget>();
        builder.Services.AddSingleton<ITargetDefinition, AzureTarget>();
        builder.Services.AddSingleton<ITargetDefinition, RawDefinition>();
        builder.Services.AddSingleton<TargetDefinitions>();
        return builder;
    }
}
