using System.CommandLine;
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
        var command = new Command(name, description) { id };
        var server = new ServerOptions();
        server.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = server.Client(parsed);
            await act(client, parsed.GetRequiredValue(id), cancellationToken);
            Console.WriteLine($"asked for; see ferry watch {parsed.GetRequiredValue(id)}");
            return ExitCode.Done;
        });
        return command;
    }
}
