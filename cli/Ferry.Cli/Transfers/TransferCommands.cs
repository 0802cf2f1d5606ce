using System.CommandLine;
using System.Text.Json;
using Ferry.Cli.Commands;
using Ferry.Cli.Output;
using Ferry.Cli.Remote;
using Ferry.Contracts.Transfer;
using Spectre.Console;

namespace Ferry.Cli.Transfers;

/// <summary><c>ferry transfer</c>: the transfer jobs of a running Ferry.</summary>
internal static class TransferCommands
{
    public static Command Create() => new("transfer", "Transfer jobs: bring files into the library share or the chunk store.")
    {
        CreateCommand.Create(),
        UploadCommand.Create(),
        List(),
        Get(),
        Action("suspend", "Stops a job; what has arrived is kept."),
        Action("resume", "Lets a job go on behind what has arrived; one in Error tries again."),
        Priority(),
        Action("cancel", "Gives a job up and removes what it made."),
        Action("acknowledge", "Takes a job's result over."),
    };

    /// <summary>Runs against the server that was parsed.</summary>
    internal static Command WithServer(Command command, Func<TransferClient, ParseResult, CancellationToken, Task> run)
    {
        var server = new ServerOptions();
        server.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = server.Client(parsed);
            await run(new TransferClient(client), parsed, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Prints a job.</summary>
    internal static void Print(TransferJobView job, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(job, JsonOutput.Options));
            return;
        }

        var counters = job.Counters;
        Console.WriteLine($"{job.Id} {job.State}: {job.Name}, {job.Priority} priority");
        Console.WriteLine(
            $"  {Units.Bytes(counters.BytesDone)} of {Units.Bytes(counters.BytesTotal)}, {counters.FilesDone} of {counters.FilesTotal} files; moved {Units.Bytes(counters.BytesMoved)}, "
            + $"there already {Units.Bytes(counters.BytesDeduplicated)}, moved twice {Units.Bytes(counters.BytesResent)}");
        foreach (var file in job.Files)
        {
            Console.WriteLine($"  {(file.Done ? "done" : "    ")} {file.Source} -> {file.Destination ?? file.Manifest ?? "chunk store"}");
        }

        if (job.WaitingFor is { } waiting)
        {
            Console.WriteLine($"  waits for {waiting.Reason} since {waiting.Since:u}: {waiting.Detail}");
        }

        if (job.Failure is { } failure)
        {
            Errors.Print(failure);
        }
    }

    private static Command List()
    {
        var json = Arguments.Json();
        var state = new Option<TransferJobState?>("--state") { Description = "Only jobs in this state." };
        var conversion = new Option<Guid?>("--conversion") { Description = "Only jobs of this conversion." };
        return WithServer(new Command("list", "Lists transfer jobs, the newest first.") { state, conversion, json }, async (client, parsed, cancellationToken) =>
        {
            var page = await client.ListAsync(parsed.GetValue(state)?.ToString(), parsed.GetValue(conversion)?.ToString(), cancellationToken);
            if (parsed.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(page, JsonOutput.Options));
                return;
            }

            var table = new Table().Border(TableBorder.None).AddColumns("ID", "STATE", "PRIORITY", "DONE", "NAME", "WAITS FOR");
            foreach (var job in page.Transfers)
            {
                table.AddRow(
                    new Text(job.Id.ToString()), new Text(job.State.ToString()), new Text(job.Priority.ToString()),
                    new Text($"{Units.Bytes(job.Counters.BytesDone)}/{Units.Bytes(job.Counters.BytesTotal)}"), new Text(job.Name), new Text(job.WaitingFor?.Detail ?? ""));
            }

            AnsiConsole.Write(table);
        });
    }

    private static Command Get()
    {
        var id = new Argument<string>("ID");
        var json = Arguments.Json();
        return WithServer(
            new Command("get", "Shows one transfer job as it is now.") { id, json },
            async (client, parsed, cancellationToken) => Print(await client.GetAsync(parsed.GetRequiredValue(id), cancellationToken), parsed.GetValue(json)));
    }

    private static Command Action(string name, string description)
    {
        var id = new Argument<string>("ID");
        var json = Arguments.Json();
        return WithServer(
            new Command(name, description) { id, json },
            async (client, parsed, cancellationToken) => Print(await client.ActAsync(parsed.GetRequiredValue(id), name, null, cancellationToken), parsed.GetValue(json)));
    }

    private static Command Priority()
    {
        var id = new Argument<string>("ID");
        var priority = new Argument<TransferPriority>("PRIORITY") { Description = "foreground, high, normal or low." };
        var json = Arguments.Json();
        return WithServer(
            new Command("priority", "Sets a job's priority, also while it runs.") { id, priority, json },
            async (client, parsed, cancellationToken) => Print(
                await client.ActAsync(
                    parsed.GetRequiredValue(id), "priority", new TransferPriorityRequest { Priority = parsed.GetRequiredValue(priority) }, cancellationToken),
                parsed.GetValue(json)));
    }
}
