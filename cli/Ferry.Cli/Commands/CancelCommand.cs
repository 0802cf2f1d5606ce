using System.CommandLine;
using System.Text.Json;
using Ferry.Cli.Output;
using Ferry.Cli.Remote;

namespace Ferry.Cli.Commands;

/// <summary><c>ferry cancel ID</c> and <c>ferry retry ID</c>: requests that the conversion carries out by itself.</summary>
internal static class CancelCommand
{
    public static Command Create() => Action(
        "cancel", "Stops a conversion and removes what it made.", (client, id, token) => client.CancelAsync(id, token));

    /// <summary>A command that asks for something and does not wait for it.</summary>
    internal static Command Action(string name, string description, Func<FerryClient, string, CancellationToken, Task> act)
    {
        var id = new Argument<string>("ID");
        var json = Arguments.Json();
        var command = new Command(name, description) { id, json };
        var server = new ServerOptions();
        server.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = server.Client(parsed);
            var conversion = parsed.GetRequiredValue(id);
            await act(client, conversion, cancellationToken);
            Console.WriteLine(parsed.GetValue(json)
                ? JsonSerializer.Serialize(new { id = conversion, asked = name }, JsonOutput.Options)
                : $"asked for; see ferry watch {conversion}");
            return ExitCode.Done;
        });
        return command;
    }
}
