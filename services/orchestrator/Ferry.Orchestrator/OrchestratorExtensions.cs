using Ferry.Hosting;
using Ferry.Hosting.Sagas;
using Ferry.Orchestrator.Conversions;
using Ferry.Orchestrator.DeadLetters;
using Ferry.Orchestrator.Library;
using Ferry.Orchestrator.Residues;
using Ferry.Orchestrator.Retention;
using MassTransit;

namespace Ferry.Orchestrator;

/// <summary>Registration of the orchestrator.</summary>
public static class OrchestratorExtensions
{
    /// <summary>Adds the saga, its sweeper and what the API needs.</summary>
    public static IHostApplicationBuilder AddOrchestrator(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<ConversionSteps>();
        builder.Services.AddSingleton<ConversionProgress>();
        builder.Services.AddSingleton<ConversionCatalog>();
        builder.Services.AddOptions<RetentionOptions>().BindConfiguration(RetentionOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<LiveConversions>();
        builder.Services.AddHostedService<ConversionSweeper>();
        builder.AddGauge<ActiveConversionsGauge>();
        builder.AddGauge<DeadLettersGauge>();
        builder.AddDocumentSaga<ConversionStateMachine, ConversionState, ConversionSagaDefinition>(ConversionState.Collection);
        builder.Services.AddSingleton<DeadLetterBox>();
        builder.Services.AddSingleton<ResidueLedger>();
        builder.Services.AddSingleton<LibraryUse>();
        builder.AddBusParticipant(bus =>
        {
            bus.AddConsumer<ResourcesHeldConsumer, ResourcesHeldDefinition>();
            bus.AddConsumer<StepProgressedConsumer, StepProgressedConsumerDefinition>();
            bus.AddConsumer<MessagePoisonedConsumer, MessagePoisonedDefinition>();
            bus.AddConsumer<CheckLibraryUseConsumer, CheckLibraryUseDefinition>();
            bus.AddConsumer<ListLiveManifestsConsumer, ListLiveManifestsDefinition>();
        });
        return builder;
    }
}
