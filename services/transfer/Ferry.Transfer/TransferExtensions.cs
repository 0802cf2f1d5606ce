using Ferry.Chunks.Manifests;
using Ferry.Chunks.Store;
using Ferry.Contracts.Transfer;
using Ferry.Hosting;
using Ferry.Hosting.Live;
using Ferry.Transfer.Sources;
using MassTransit;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Ferry.Transfer;

/// <summary>Registers the transfer service.</summary>
public static class TransferExtensions
{
    /// <summary>Adds the transfer service to a host.</summary>
    public static IHostApplicationBuilder AddTransfer(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddOptions<TransferOptions>().BindConfiguration(TransferOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<SourcesOptions>().BindConfiguration(SourcesOptions.SectionName);
        builder.AddChunkStore();
        services.AddSingleton<SourceGuard>();
        services.AddSingleton<IRemoteFiles, HttpRemoteFiles>();
        services.AddKeyedSingleton<IProvenChunks, ProvenChunks>("transfer");
        builder.AddServiceJobs("transfer", jobs => jobs.Handle<TransferDisk, TransferDiskHandler>(step: "transfer"));
        builder.AddBusParticipant(bus => bus.AddConsumer<TransferDiskConsumer, TransferDiskDefinition>());
        return builder;
    }
}
