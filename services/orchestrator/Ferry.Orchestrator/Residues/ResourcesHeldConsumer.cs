using Ferry.Contracts.Cleanup;
using MassTransit;

namespace Ferry.Orchestrator.Residues;

/// <summary>Takes what services hold.</summary>
public sealed class ResourcesHeldConsumer(ResidueLedger residues) : IConsumer<ResourcesHeld>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<ResourcesHeld> context) => residues.TakeAsync(context.Message, context.CancellationToken);
}
