using Ferry.Cli.Output;
using Ferry.Contracts.Conversions;
using Ferry.Orchestrator.Conversions;

namespace Ferry.Cli.Embedded;

/// <summary>Runs one conversion to its end, or takes up the one that the same command began before.</summary>
internal sealed class EmbeddedRun(ConversionCatalog conversions)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>The newest view when it ended, or when the caller was interrupted.</summary>
    public async Task<ConversionView> RunAsync(ConversionRequest request, IConversionDisplay display, CancellationToken cancellationToken)
    {
        var view = await BeginAsync(request, cancellationToken);
        using var timer = new PeriodicTimer(Interval);
        try
        {
            do
            {
                view = (await conversions.GetAsync(view.Id, cancellationToken))!;
                display.Show(view);
            }
            while (!view.Ended && await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Interrupted: the view says how far it came.
            return view;
        }

        return view;
    }

    /// <summary>The report as of now.</summary>
    public Task<ConversionReport?> ReportAsync(Guid id) => conversions.ReportAsync(id, CancellationToken.None);

    private async Task<ConversionView> BeginAsync(ConversionRequest request, CancellationToken cancellationToken)
    {
        var page = await conversions.ListAsync(null, 0, 10, cancellationToken);
        var before = page.Conversions.FirstOrDefault(x => x.Request == request && x.State is not ("Completed" or "Cancelled"));
        if (before is null)
        {
            return await conversions.SubmitAsync(Guid.CreateVersion7(), request, cancellationToken);
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
}
