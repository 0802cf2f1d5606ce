using System.Globalization;
using System.Text.Json;
using Ferry.Cli.Output;
using Ferry.Cli.Remote;
using Ferry.Contracts;
using Ferry.Contracts.Store;

namespace Ferry.Cli.Store;

/// <summary>Begins a run over the store and waits for its end. Interrupted, the run goes on at the server.</summary>
internal static class StoreRun
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(300);

    /// <summary>Begins it, shows how far it is, and prints the result.</summary>
    public static async Task<int> WatchAsync(
        FerryClient client, string kind, string query, bool json, Func<StoreTaskView, string> describe, CancellationToken cancellationToken)
    {
        var run = await client.BeginStoreRunAsync(kind, query, cancellationToken);
        var shown = !json && !Console.IsErrorRedirected;
        while (run.State is "Waiting" or "Running")
        {
            if (shown)
            {
                await Console.Error.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"\r{run.Phase ?? "waiting"}: {run.Processed}          "));
            }

            await Task.Delay(Poll, cancellationToken);
            var now = await client.StoreRunAsync(kind, cancellationToken);
            run = now.Id == run.Id ? now : throw new CliException(new Failure
            {
                Code = "STORE_RUN_REPLACED", Message = "The run has ended and another one has begun", Where = run.Id.ToString(), Remedy = "Run the command again",
            });
        }

        if (shown)
        {
            await Console.Error.WriteAsync("\r                                        \r");
        }

        Console.WriteLine(json ? JsonSerializer.Serialize(run, JsonOutput.Options) : describe(run));
        return Outcome(run);
    }

    /// <summary>The exit code; what is wrong is printed.</summary>
    public static int Outcome(StoreTaskView run)
    {
        var failure = run.Failure ?? (run.Verification is not { CorruptChunks: > 0 } damaged ? null : new Failure
        {
            Code = "CHUNK_CORRUPT",
            Message = string.Create(CultureInfo.InvariantCulture, $"{damaged.CorruptChunks} chunks no longer matched their ids and were set aside"),
            Remedy = "Check the disk below the store; conversions that need them bring them again",
        });
        if (failure is null)
        {
            return ExitCode.Done;
        }

        Errors.Print(failure);
        return ExitCode.Of(failure.Code);
    }
}
