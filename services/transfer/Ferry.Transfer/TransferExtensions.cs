using Ferry.Chunks.Store;
using Ferry.Contracts.Transfer;
using Ferry.Hosting;
using Ferry.Hosting.Live;
using Ferry.Transfer.Api;
using Ferry.Transfer.Bandwidth;
using Ferry.Transfer.Fetching;
using Ferry.Transfer.Jobs;
using Ferry.Transfer.Library;
using Ferry.Transfer.Slots;
using Ferry.Transfer.Sources;
using Ferry.Transfer.Uploads;
using MassTransit;

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
        services.AddKeyedSingleton<ILiveManifests, TransferManifests>("transfer");
        services.AddSingleton<BandwidthScheduler>();
        services.AddSingleton<LimitsStore>();
        services.AddSingleton<LimitsKeeper>();
        services.AddHostedService(provider => provider.GetRequiredService<LimitsKeeper>());
        services.AddSingleton<SlotPool>();
        services.AddSingleton<ReceivingLog>();
        services.AddSingleton<TransferSignals>();
        services.AddSingleton<TransferHints>();
        services.AddSingleton<TransferJobStore>();
        services.AddKeyedSingleton<ILiveManifests, UploadManifests>("transfer");
        services.AddSingleton<UploadPages>();
        services.AddSingleton<UploadSessions>();
        services.AddSingleton<UploadJobs>();
        services.AddSingleton<UploadNegotiation>();
        services.AddSingleton<UploadChunks>();
        services.AddSingleton<UploadCompletion>();
        services.AddSingleton<UploadRequests>();
        services.AddSingleton<UploadCapturer>();
        services.AddHostedService<UploadSweeper>();
        services.AddSingleton<RunParts>();
        services.AddSingleton<TransferJobs>();
        services.AddHostedService<TransferSweeper>();
        builder.AddOutbox<TransferJobDocument>(TransferJobDocument.Collection);
        builder.AddLibraryShare();
        builder.AddOutbox<LibraryEntryDocument>(LibraryEntryDocument.Collection);
        services.AddSingleton<LibraryEntries>();
        services.AddSingleton<LibraryAdding>();
        services.AddSingleton<LibraryRemoval>();
        services.AddSingleton<LibraryVerifications>();
        services.AddSingleton<LibraryCatalog>();
        services.AddHostedService<LibrarySweeper>();
        builder.AddServiceJobs("transfer", jobs =>
        {
            jobs.MaxConcurrent = (builder.Configuration.GetSection(TransferOptions.SectionName).Get<TransferOptions>() ?? new TransferOptions()).MaxJobs;
            jobs.Handle<RunTransfer, RunTransferHandler>(step: "transfer");
            jobs.Handle<VerifyMachine, VerifyMachineHandler>(VerifyMachineHandler.Step);
            jobs.Handle<CaptureUpload, CaptureUploadHandler>(CaptureUploadHandler.Step);
        });
        builder.AddBusParticipant(bus =>
        {
            bus.AddConsumer<TransferDiskConsumer, TransferDiskDefinition>();
            bus.AddConsumer<CaptureUploadConsumer, CaptureUploadDefinition>();
            bus.AddConsumer<TransferHintsConsumer, TransferHintsDefinition>();
            bus.AddConsumer<LibraryConsumer, LibraryDefinition>();
        });
        return builder;
    }
}
