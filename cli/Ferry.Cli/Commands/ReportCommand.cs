using System.CommandLine;
using System.Text.Json;
using Ferry.Cli.Output;
using Ferry.Cli.Remote;

namespace Ferry.Cli.Commands;

/// <summary><c>ferry report ID</c>: the report, as JSON.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        var id = new Argument<string>("ID");

        // The report is JSON in any case; the option is there as for every other command.
        var command = new Command("report", "Prints the report of a conversion as JSON.") { id, Arguments.Json() };
        var server = new ServerOptions();
        server.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = server.Client(parsed);
            var report = await client.ReportAsync(parsed.GetRequiredValue(id), cancellationToken);
            Console.WriteLine(JsonSerializer.Serialize(report, JsonOutput.Options));
            return ExitCode.Done;
        });
        return command;
    }
}
