using MassTransit;

namespace Ferry.Hosting.Bus;

/// <summary>
/// Holds messages while the store is away: those that were being handled are handled again when it is back, and by their prefetch the queues stop. It stands
/// inside the retries, so that these are not used up.
/// </summary>
internal sealed class StoreGateFilter<T>(StoreGate gate) : IFilter<ConsumeContext<T>> where T : class
{
    /// <inheritdoc/>
    public void Probe(ProbeContext context) => context.CreateFilterScope("storeGate");

    /// <inheritdoc/>
    public async Task Send(ConsumeContext<T> context, IPipe<ConsumeContext<T>> next)
    {
        while (true)
        {
            await gate.WaitAsync(context.CancellationToken).ConfigureAwait(false);
            try
            {
                await next.Send(context).ConfigureAwait(false);
                return;
            }
            catch (Exception) when (!context.CancellationToken.IsCancellationRequested)
            {
                if (!await gate.CloseIfAwayAsync(context.CancellationToken).ConfigureAwait(false))
                {
                    throw;
                }
            }
        }
    }
}
