using System.CommandLine;
using System.Text.Json;
using Ferry.Cli.Output;
using Ferry.Cli.Remote;

namespace Ferry.Cli.Commands;

/// <summary><c>ferry residue</c>: what is left and belongs to no running conversion.</summary>
internal static class ResidueCommand
{
    public static Command Create()
    {
        var json = Arguments.Json();
        var command = new Command("residue", "Lists what is left and belongs to no running conversion, with what to do.") { json };
        var server = new ServerOptions();
        server.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = server.Client(parsed);
            var page = await client.ResidueAsync(cancellationToken);
            if (parsed.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(page, JsonOutput.Options));
                return ExitCode.Done;
            }

            if (page.Residue.Count == 0)
            {
                Console.WriteLine("clean: nothing is left");
            }

            foreach (var left in page.Residue)
            {
                var whose = left.ConversionId is { } id ? $", of conversion {id} ({left.State})" : "";
                Console.WriteLine($"{(left.Service is { } service ? service + ": " : "")}{left.What}{whose}, found {left.FoundAt:u}");
                Console.WriteLine($"  {left.Remedy}");
            }

            return ExitCode.Done;
        });
        return command;
    }
}
