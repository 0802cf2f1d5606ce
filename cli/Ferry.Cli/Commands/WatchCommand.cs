using System.CommandLine;
using System.Text.Json;
using Ferry.Cli.Embedded;
using Ferry.Cli.Output;
using Ferry.Cli.Remote;
using Ferry.Contracts;
using Ferry.Contracts.Conversions;

namespace Ferry.Cli.Commands;

/// <summary><c>ferry watch ID</c>: one conversion, until it ends.</summary>
internal static class WatchCommand
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var id = new Argument<string>("ID");
        var json = Arguments.Json();
        var command = new Command("watch", "Shows one conversion until it ends; exits with its outcome.") { id, json };
        var server = new ServerOptions();
        server.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = server.Client(parsed);
            var view = await WatchAsync(client, parsed.GetRequiredValue(id), parsed.GetValue(json), cancellationToken);
            if (parsed.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(view, JsonOutput.Options));
            }

            if (view.State != "Completed")
            {
                Errors.Print(ConversionOutcome.FailureOf(view));
            }

            return ConversionOutcome.CodeOf(view);
        });
        return command;
    }

    private static async Task<ConversionView> WatchAsync(FerryClient client, string id, bool json, CancellationToken cancellationToken)
    {
        try
        {
            return await Displays.RunAsync(json, TimeProvider.System, async display =>
            {
                using var timer = new PeriodicTimer(Interval);
                while (true)
                {
                    var now = await client.GetAsync(id, cancellationToken);
                    display.Show(now);
                    if (now.Ended)
                    {
                        return now;
                    }

                    await timer.WaitForNextTickAsync(cancellationToken);
                }
            });
        }
        catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new CliException(
                new Failure { Code = "CANCELLED", Message = "No longer watched; the conversion goes on", Remedy = $"See ferry watch {id} or ferry cancel {id}" },
                exception);
        }
    }
}
