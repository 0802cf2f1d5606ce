using System.CommandLine;
using System.Text.Json;
using Ferry.Cli.Commands;
using Ferry.Cli.Output;
using Ferry.Cli.Remote;
using Ferry.Contracts.Library;
using Spectre.Console;

namespace Ferry.Cli.Library;

/// <summary><c>ferry library</c>: the library share of a running Ferry.</summary>
internal static class LibraryCommands
{
    public static Command Create() => new("library", "The library: machines that are kept, as they were at their source or converted; convert reads them as library:NAME.")
    {
        AddCommand.Create(), List(), VerifyCommand.Create(), Remove(),
    };

    /// <summary>Runs against the server that was parsed.</summary>
    internal static Command WithServer(Command command, Func<LibraryClient, ParseResult, CancellationToken, Task<int>> run)
    {
        var server = new ServerOptions();
        server.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = server.Client(parsed);
            return await run(new LibraryClient(client), parsed, cancellationToken);
        });
        return command;
    }

    /// <summary>The machine in one line.</summary>
    internal static string Line(LibraryMachineView machine) => machine.State is LibraryMachineState.Ready
        ? $"{machine.Name}: {machine.Kind.ToString().ToLowerInvariant()}, {machine.Files.Count} files, {Units.Bytes(machine.BytesTotal)}, from {machine.Source}"
        : $"{machine.Name}: {machine.State.ToString().ToLowerInvariant()}, {Units.Bytes(machine.BytesDone)} of {Units.Bytes(machine.BytesTotal)}, from {machine.Source}";

    private static Command List()
    {
        var json = Arguments.Json();
        return WithServer(new Command("list", "Lists the machines of the library, also those that are being added.") { json }, async (client, parsed, cancellationToken) =>
        {
            var page = await client.ListAsync(cancellationToken);
            if (parsed.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(page, JsonOutput.Options));
                return ExitCode.Done;
            }

            var table = new Table().Border(TableBorder.None).AddColumns("NAME", "KIND", "STATE", "SIZE", "FILES", "ADDED", "SOURCE");
            foreach (var machine in page.Machines)
            {
                table.AddRow(
                    new Text(machine.Name), new Text(machine.Kind.ToString().ToLowerInvariant()), new Text(machine.State.ToString().ToLowerInvariant()),
                    new Text(machine.State is LibraryMachineState.Ready ? Units.Bytes(machine.BytesTotal) : $"{Units.Bytes(machine.BytesDone)}/{Units.Bytes(machine.BytesTotal)}"),
                    new Text(machine.Files.Count.ToString(System.Globalization.CultureInfo.InvariantCulture)), new Text($"{machine.AddedAt:u}"),
                    new Text(machine.WaitingFor?.Detail ?? machine.Failure?.Message ?? machine.Source));
            }

            AnsiConsole.Write(table);
            return ExitCode.Done;
        });
    }

    private static Command Remove()
    {
        var name = new Argument<string>("NAME");
        var json = Arguments.Json();
        return WithServer(
            new Command("remove", "Removes a machine, or gives up adding it; refused while a conversion reads it.") { name, json },
            async (client, parsed, cancellationToken) =>
            {
                var machine = await client.RemoveAsync(parsed.GetRequiredValue(name), cancellationToken);
                Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(machine, JsonOutput.Options) : $"removed: {machine.Name}");
                return ExitCode.Done;
            });
    }
}
