using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Ferry.Cli.Output;
using Ferry.Cli.Remote;
using Ferry.Contracts.DeadLetters;
using Spectre.Console;

namespace Ferry.Cli.Commands;

/// <summary><c>ferry dead-letters list|show|retry</c>: messages that could not be consumed.</summary>
internal static class DeadLettersCommand
{
    public static Command Create() => new("dead-letters", "Messages that could not be consumed, and what to do with them.")
    {
        Asking("list", "Lists them, the newest first.", null, (client, _, token) => client.DeadLettersAsync(token), Print),
        Asking("show", "Shows one with its message; what could be a credential is masked.", Id(), (client, id, token) => client.DeadLetterAsync(id, token), Print),
        Asking(
            "retry", "Takes the conversion that failed by it up again, or sends it to its queue again.", Id(),
            (client, id, token) => client.RetryDeadLetterAsync(id, token), answer => Console.WriteLine(answer.Detail)),
    };

    private static Argument<string> Id() => new("ID");

    private static Command Asking<T>(
        string name, string description, Argument<string>? id, Func<FerryClient, string, CancellationToken, Task<T>> ask, Action<T> print)
    {
        var json = Arguments.Json();
        var command = new Command(name, description) { json };
        if (id is not null)
        {
            command.Add(id);
        }

        var server = new ServerOptions();
        server.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = server.Client(parsed);
            var answer = await ask(client, id is null ? "" : parsed.GetRequiredValue(id), cancellationToken);
            if (parsed.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(answer, JsonOutput.Options));
            }
            else
            {
                print(answer);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(DeadLetterPage page)
    {
        var table = new Table().Border(TableBorder.None).AddColumns("ID", "MESSAGE", "CONVERSION", "FAILED", "REASON");
        foreach (var letter in page.DeadLetters)
        {
            table.AddRow(
                new Text(letter.Id), new Text(letter.Type), new Text(letter.ConversionId?.ToString() ?? ""),
                new Text(letter.FailedAt.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)), new Text(letter.Reason));
        }

        AnsiConsole.Write(table);
    }

    private static void Print(DeadLetterView letter)
    {
        Console.WriteLine($"{letter.Id}: {letter.Type} from queue {letter.Queue}");
        Console.WriteLine($"  conversion {letter.ConversionId?.ToString() ?? "none"}, failed {letter.Failures} times, last at {letter.FailedAt:u} with {letter.Reason}");
        Console.WriteLine($"  trace {letter.TraceId ?? "none"}: the service's log has the stack");
        Console.WriteLine(letter.Body ?? "  the message was too long to be kept, or not readable");
    }
}
