using Ferry.Contracts.Transfer;
using Ferry.Transfer.Bandwidth;
using Ferry.Transfer.Jobs;
using MassTransit;

namespace Ferry.Transfer;

/// <summary>Lets this process look at once at limits and jobs that changed; every process has a temporary queue for it.</summary>
public sealed class TransferHintsConsumer(LimitsKeeper limits, TransferSignals signals) : IConsumer<TransferLimitsChanged>, IConsumer<TransferJobNudged>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<TransferLimitsChanged> context) => limits.RefreshAsync(context.CancellationToken);

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<TransferJobNudged> context)
    {
        signals.Set(TransferJobDocument.IdOf(context.Message.Id));
        return Task.CompletedTask;
    }
}
