using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Ferry.Cli.Commands;
using Ferry.Cli.Output;
using Ferry.Contracts;
using Ferry.Contracts.Library;
using Ferry.Contracts.Transfer;

namespace Ferry.Cli.Library;

/// <summary><c>ferry library add SOURCE</c>.</summary>
internal static class AddCommand
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    public static Command Create()
    {
        var source = new Argument<string>("SOURCE") { Description = "A .vmx, .ovf, .ova or disk image: an http(s) URL, or a path of the server." };
        var name = new Option<string?>("--name") { Description = "Name in the library (default: that of the source's file)." };
        var id = new Option<Guid?>("--id") { Description = "Id of the request: the same command again is the same machine (default: a new one)." };
        var format = Arguments.InputFormat();
        var priority = new Option<TransferPriority>("--priority") { Description = "foreground, high, normal or low.", DefaultValueFactory = _ => TransferPriority.Normal };
        var credential = new Option<string?>("--credential") { Description = "Name of the source's credential on the server, never the secret." };
        var link = new Option<string?>("--link") { Description = "Name of the link whose limit it uses." };
        var wait = new Option<bool>("--wait") { Description = "Wait until the machine is complete and verified, or cannot be added." };
        var json = Arguments.Json();
        var command = new Command("add", "Brings a machine's files, the descriptor and all that it needs, into the library by a transfer job.")
        {
            source, name, id, format, priority, credential, link, wait, json,
        };
        return LibraryCommands.WithServer(command, async (client, parsed, cancellationToken) =>
        {
            var machine = await client.AddAsync(
                new LibraryAddRequest
                {
                    Id = parsed.GetValue(id) ?? Guid.CreateVersion7(),
                    Source = Arguments.FullSource(parsed.GetRequiredValue(source)),
                    Name = parsed.GetValue(name),
                    SourceFormat = parsed.GetValue(format),
                    Priority = parsed.GetValue(priority),
                    Credential = parsed.GetValue(credential),
                    Link = parsed.GetValue(link),
                },
                cancellationToken);
            if (parsed.GetValue(wait))
            {
                machine = await WaitAsync(client, machine, !parsed.GetValue(json) && !Console.IsErrorRedirected, cancellationToken);
            }

            Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(machine, JsonOutput.Options) : LibraryCommands.Line(machine));
            if (machine is not { State: LibraryMachineState.Failed, Failure: { } failure })
            {
                return ExitCode.Done;
            }

            Errors.Print(failure);
            return ExitCode.Of(failure.Code, atSource: true);
        });
    }

    // Interrupted, it goes on at the server.
    private static async Task<LibraryMachineView> WaitAsync(LibraryClient client, LibraryMachineView machine, bool show, CancellationToken cancellationToken)
    {
        var id = machine.Id;
        while (machine.State is LibraryMachineState.Listing or LibraryMachineState.Transferring)
        {
            if (show)
            {
                await Console.Error.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"\r{LibraryCommands.Line(machine)}          "));
            }

            await Task.Delay(Poll, cancellationToken);
            machine = await client.GetAsync(machine.Name, cancellationToken);
            if (machine.Id != id)
            {
                throw new CliException(new Failure { Code = "LIBRARY_UNKNOWN", Message = "The machine was removed, and another one added under its name", Where = machine.Name, Remedy = "See ferry library list" });
            }
        }

        if (show)
        {
            await Console.Error.WriteLineAsync();
        }

        return machine;
    }
}
