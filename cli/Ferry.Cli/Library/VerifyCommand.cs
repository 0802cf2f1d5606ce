using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Ferry.Cli.Commands;
using Ferry.Cli.Output;
using Ferry.Contracts;
using Ferry.Contracts.Library;

namespace Ferry.Cli.Library;

/// <summary><c>ferry library verify NAME|--all</c>: exit code 5 when a file is not what was written.</summary>
internal static class VerifyCommand
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    public static Command Create()
    {
        var name = new Argument<string?>("NAME") { Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = "Every machine of the library." };
        var json = Arguments.Json();
        var command = new Command("verify", "Reads every file of a machine and compares it with its size and SHA-256; ends with code 5 when one differs.") { name, all, json };
        return LibraryCommands.WithServer(command, async (client, parsed, cancellationToken) =>
        {
            if (parsed.GetValue(name) is null == !parsed.GetValue(all))
            {
                throw CliException.Usage("Either NAME or --all is needed", "", "See ferry library verify --help");
            }

            string[] names = parsed.GetValue(name) is { } one
                ? [one]
                : [.. (await client.ListAsync(cancellationToken)).Machines.Where(machine => machine.AddedAt is not null || machine.Failure?.Code == "LIBRARY_UNUSABLE").Select(machine => machine.Name)];
            var results = new List<NamedVerification>();
            foreach (var machine in names)
            {
                results.Add(await VerifyAsync(client, machine, cancellationToken));
            }

            if (parsed.GetValue(json))
            {
                Console.WriteLine(parsed.GetValue(all) ? JsonSerializer.Serialize(results, JsonOutput.Options) : JsonSerializer.Serialize(results[0], JsonOutput.Options));
            }

            return results.Select(result => Outcome(result, parsed.GetValue(json))).Append(ExitCode.Done).Max();
        });
    }

    // Interrupted, the run goes on at the server.
    private static async Task<NamedVerification> VerifyAsync(LibraryClient client, string name, CancellationToken cancellationToken)
    {
        LibraryVerificationView run;
        try
        {
            run = await client.VerifyAsync(name, cancellationToken);
        }
        catch (CliException exception) when (exception.Failure.Code == "LIBRARY_UNUSABLE")
        {
            var now = TimeProvider.System.GetUtcNow();
            return new NamedVerification(name, new LibraryVerificationView { Id = Guid.Empty, StartedAt = now, EndedAt = now, Failure = exception.Failure });
        }

        while (run.EndedAt is null)
        {
            await Task.Delay(Poll, cancellationToken);
            var machine = await client.GetAsync(name, cancellationToken);
            run = machine.Verification is { } now && now.Id == run.Id ? now : throw new CliException(new Failure
            {
                Code = "LIBRARY_UNKNOWN", Message = "The machine was removed while it was verified", Where = name, Remedy = "See ferry library list",
            });
        }

        return new NamedVerification(name, run);
    }

    private static int Outcome(NamedVerification result, bool quiet)
    {
        var run = result.Verification;
        if (run.Failure is { } failure)
        {
            Errors.Print(failure);
            return ExitCode.StepFailed;
        }

        if (run.Damaged.Count == 0)
        {
            if (!quiet)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Name}: {run.Files} files, {Units.Bytes(run.Bytes)}: as they were written"));
            }

            return ExitCode.Done;
        }

        foreach (var damage in run.Damaged)
        {
            Errors.Print(new Failure
            {
                Code = "LIBRARY_FILE_DAMAGED", Message = damage.Problem.TrimEnd('.'), Where = $"library:{result.Name}, {damage.File}",
                Remedy = "Check the library's disk; remove the machine and add or convert it again",
            });
        }

        return ExitCode.StepFailed;
    }
}
