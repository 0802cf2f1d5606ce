using System.CommandLine;
using System.Text.Json;

namespace Ferry.Agent.Capture;

/// <summary><c>ferry-agent capture</c>.</summary>
internal static class CaptureCommand
{
    public static Command Create()
    {
        var server = new Option<string>("--server") { Description = "Where Ferry is: an https URL; http only on this machine itself.", Required = true };
        var keyFile = new Option<string>("--key-file") { Description = "File that holds the API key.", Required = true };
        var name = new Option<string?>("--name") { Description = "Name of the machine (default: that of the running system)." };
        var disks = new Option<string[]>("--disk") { Description = "A disk, such as /dev/sda; may be given several times (default: all local disks).", AllowMultipleArgumentsPerToken = true };
        var allBlocks = new Option<bool>("--all-blocks") { Description = "Send also what no file system uses." };
        var megabits = new Option<double?>("--max-mbps") { Description = "Most megabits per second to send." };
        var cpu = new Option<int?>("--max-cpu") { Description = "Most processor time to use, in percent of all processors: 1 to 100." };
        var json = new Option<bool>("--json") { Description = "Print one JSON document." };
        megabits.Validators.Add(result => Check(result.GetValueOrDefault<double?>() is null or (> 0 and <= 1_000_000), "--max-mbps is not above 0.", result.AddError));
        cpu.Validators.Add(result => Check(result.GetValueOrDefault<int?>() is null or (>= 1 and <= 100), "--max-cpu is not from 1 to 100.", result.AddError));
        var command = new Command(
            "capture", "Sends whole disks that nothing writes to, as from a rescue system: only what is in use, and only what Ferry lacks. The same command again goes on where an earlier one was.")
        {
            server, keyFile, name, disks, allBlocks, megabits, cpu, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var options = new CaptureOptions
            {
                Server = ServerAddress.Parse(parsed.GetRequiredValue(server)),
                Key = ReadKey(parsed.GetRequiredValue(keyFile)),
                Name = parsed.GetValue(name) ?? Environment.MachineName,
                Disks = parsed.GetValue(disks) ?? [],
                AllBlocks = parsed.GetValue(allBlocks),
                MaxMegabits = parsed.GetValue(megabits),
                MaxCpuPercent = parsed.GetValue(cpu),
            };
            var outcome = await new CaptureRun(options, Inventory.InventoryReader.Live(), new Inventory.SystemRoot("/"), TimeProvider.System).RunAsync(cancellationToken);
            Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(outcome, CaptureJson.Default.CaptureOutcome) : string.Join('\n', outcome.Lines()));
            return ExitCode.Done;
        });
        return command;
    }

    private static void Check(bool holds, string problem, Action<string> refuse)
    {
        if (!holds)
        {
            refuse(problem);
        }
    }

    private static string ReadKey(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw AgentException.Of(AgentErrors.Usage, $"The API key cannot be read: {exception.Message}", file, "Name the key's file with --key-file", exception);
        }
    }
}
