using System.CommandLine;
using System.Text.Json;
using Ferry.Cli.Output;
using Ferry.Cli.Remote;
using Spectre.Console;

namespace Ferry.Cli.Commands;

/// <summary><c>ferry list</c>: the conversions of a running Ferry.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var json = Arguments.Json();
        var command = new Command("list", "Lists conversions, the newest first.") { json };
        var server = new ServerOptions();
        server.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = server.Client(parsed);
            var page = await client.ListAsync(cancellationToken);
            if (parsed.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(page, JsonOutput.Options));
                return ExitCode.Done;
            }

            var table = new Table().Border(TableBorder.None).AddColumns("ID", "STATE", "MACHINE", "REQUESTED", "WAITS FOR");
            foreach (var view in page.Conversions)
            {
                table.AddRow(
                    new Text(view.Id.ToString()), new Text(view.State), new Text(view.Machine?.Name ?? view.Request.Source),
                    new Text(view.RequestedAt.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture)),
                    new Text(view.WaitingFor?.Detail ?? ""));
            }

            AnsiConsole.Write(table);
            return ExitCode.Done;
        });
        return command;
    }
}
