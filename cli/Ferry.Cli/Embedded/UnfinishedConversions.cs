using Ferry.Cleanup;
using Ferry.Contracts;
using Ferry.Contracts.Conversions;
using Ferry.Hosting.Jobs;
using Ferry.Orchestrator.Conversions;
using Microsoft.Extensions.Options;

namespace Ferry.Cli.Embedded;

/// <summary>
/// What an earlier command left in a work folder: a conversion that has not ended, or one that failed and whose transferred bytes are kept. The command that began it
/// goes on with it; another one would run beside it, and both would publish into the same folder.
/// </summary>
internal static class UnfinishedConversions
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Refuses a command that is not the one that left a conversion. To be called before the host starts: then nothing has gone on yet.</summary>
    public static async Task RefuseOthersAsync(ConversionCatalog conversions, ConversionRequest request)
    {
        if ((await ListAsync(conversions)).FirstOrDefault(view => !SameRequest.Is(view.Request, request)) is { } other)
        {
            throw new CliException(new Failure
            {
                Code = "OUTPUT_UNFINISHED",
                Message = $"The output folder holds an unfinished conversion of {other.Request.Source} in state {other.State}, begun by another command",
                Where = request.Output,
                Remedy = $"Go on with it: {ConvertCommandText.Of(other.Request)}; or drop it: add --discard to this command",
            });
        }
    }

    /// <summary>Cancels what an earlier command left, waits until every service has released what it holds, and empties the work folder.</summary>
    public static async Task DiscardAsync(WorkFolder work, EmbeddedOptions options, CancellationToken cancellationToken)
    {
        if (!work.IsKept)
        {
            return;
        }

        using (var host = EmbeddedHost.Build(work, options))
        {
            var conversions = host.Services.GetRequiredService<ConversionCatalog>();
            var left = await ListAsync(conversions);
            var running = left.Where(view => !view.Ended).ToList();
            if (running.Count > 0)
            {
                await StopJobsAsync(host.Services, running);
                await host.StartAsync(CancellationToken.None);
                try
                {
                    foreach (var view in running)
                    {
                        await CancelAsync(conversions, view.Id, cancellationToken);
                    }
                }
                finally
                {
                    await host.StopAsync(CancellationToken.None);
                }
            }

            foreach (var view in left)
            {
                var state = (await conversions.GetAsync(view.Id, CancellationToken.None))!.State;
                await Console.Error.WriteLineAsync(state == "Completed"
                    ? $"not discarded: the conversion of {view.Request.Source} was published already and is complete"
                    : $"discarded: the conversion of {view.Request.Source}, which was in state {view.State}");
            }
        }

        work.Clear();
    }

    private static async Task<IReadOnlyList<ConversionView>> ListAsync(ConversionCatalog conversions) =>
        [.. (await conversions.ListAsync(null, 0, 100, CancellationToken.None)).Conversions.Where(view => view.State is not ("Completed" or "Cancelled"))];

    // Before the workers start: none of them must take up, and perhaps finish, what is to be dropped.
    private static async Task StopJobsAsync(IServiceProvider services, IReadOnlyList<ConversionView> views)
    {
        foreach (var service in services.GetRequiredService<IOptions<CleanUpOptions>>().Value.Services)
        {
            foreach (var view in views)
            {
                await services.GetRequiredKeyedService<IJobQueue>(service).SetDesiredAsync(view.Id, DesiredState.Cancel);
            }
        }
    }

    private static async Task CancelAsync(ConversionCatalog conversions, Guid id, CancellationToken cancellationToken)
    {
        await conversions.CancelAsync(id, cancellationToken);
        using var timer = new PeriodicTimer(Interval);
        while (!(await conversions.GetAsync(id, cancellationToken))!.Ended)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }
}
