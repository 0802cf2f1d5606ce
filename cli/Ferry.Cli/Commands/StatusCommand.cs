using System.CommandLine;
using System.Text.Json;
using Ferry.Cli.Output;
using Ferry.Cli.Remote;
using Ferry.Contracts.Conversions;

namespace Ferry.Cli.Commands;

/// <summary><c>ferry status ID</c>: one conversion, as it is now.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var id = new Argument<string>("ID");
        var json = Arguments.Json();
        var command = new Command("status", "Shows one conversion as it is now.") { id, json };
        var server = new ServerOptions();
        server.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = server.Client(parsed);
            var view = await client.GetAsync(parsed.GetRequiredValue(id), cancellationToken);
            if (parsed.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(view, JsonOutput.Options));
            }
            else
            {
                Print(view);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(ConversionView view)
    {
        Console.WriteLine($"{view.Id} {view.State}: {view.Machine?.Name ?? view.Request.Source} to {view.Request.Target} in {view.Request.Output}");
        foreach (var step in view.Steps)
        {
            Console.WriteLine($"  {StepLine.Of(step)}");
        }

        var rates = new RateMeter(TimeProvider.System);
        foreach (var disk in view.Progress)
        {
            Console.WriteLine($"    {rates.Describe(disk)}");
        }

        if (view.Rehearsal is { } rehearsal)
        {
            Console.WriteLine($"  {RehearsalLine.Of(rehearsal)}");
        }

        if (view.WaitingFor is { } waiting)
        {
            Console.WriteLine($"  waits for {waiting.Reason} since {waiting.Since:u}: {waiting.Detail}");
        }

        if (view.Ending is { } ending)
        {
            Console.WriteLine($"  ended {ending}");
        }

        if (view.Failure is { } failure)
        {
            Errors.Print(failure);
        }
    }
}
