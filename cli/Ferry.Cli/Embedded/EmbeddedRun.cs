using Ferry.Cli.Output;
using Ferry.Contracts.Conversions;
using Ferry.Orchestrator.Conversions;

namespace Ferry.Cli.Embedded;

/// <summary>Runs one conversion to its end, or takes up the one that the same command began before.</summary>
internal sealed class EmbeddedRun(ConversionCatalog conversions)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Begins the conversion, or takes it up.</summary>
    /// <exception cref="OperationCanceledException">Interrupted: nothing has begun.</exception>
    public async Task<ConversionView> BeginAsync(ConversionRequest request, CancellationToken cancellationToken)
    {
        var page = await conversions.ListAsync(null, 0, 10, cancellationToken);
        var before = page.Conversions.FirstOrDefault(x => SameRequest.Is(x.Request, request) && x.State != "Cancelled");
        if (before is null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return await conversions.SubmitAsync(Guid.CreateVersion7(), request, CancellationToken.None);
        }

        if (before.State == "Failed")
        {
            await conversions.RetryAsync(before.Id, cancellationToken);
            using var timer = new PeriodicTimer(Interval);
            while ((await conversions.GetAsync(before.Id, cancellationToken))!.State == "Failed")
            {
                await timer.WaitForNextTickAsync(cancellationToken);
            }
        }

        return before;
    }

    /// <summary>Shows the conversion until it has ended, or until the caller is interrupted: the view says how far it came.</summary>
    public async Task<ConversionView> FollowAsync(Guid id, IConversionDisplay display, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (true)
            {
                var view = (await conversions.GetAsync(id, cancellationToken))!;
                display.Show(view);
                if (view.Ended)
                {
                    return view;
                }

                await timer.WaitForNextTickAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return (await conversions.GetAsync(id, CancellationToken.None))!;
        }
    }
}
