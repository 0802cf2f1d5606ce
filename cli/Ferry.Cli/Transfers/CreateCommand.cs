using System.CommandLine;
using Ferry.Cli.Commands;
using Ferry.Contracts.Transfer;

namespace Ferry.Cli.Transfers;

/// <summary><c>ferry transfer create URL...</c>.</summary>
internal static class CreateCommand
{
    public static Command Create()
    {
        var sources = new Argument<string[]>("URL") { Description = "http(s) URLs of files.", Arity = ArgumentArity.OneOrMore };
        var to = new Option<string?>("--to") { Description = "Folder in the library share in which the files appear (default: their chunks go into the chunk store)." };
        var id = new Option<Guid?>("--id") { Description = "Id of the job: the same command again is the same job (default: a new one)." };
        var name = new Option<string?>("--name") { Description = "Name of the job (default: that of the first file)." };
        var owner = new Option<string>("--owner") { Description = "Who it belongs to.", DefaultValueFactory = _ => Environment.UserName };
        var priority = new Option<TransferPriority>("--priority") { Description = "foreground, high, normal or low.", DefaultValueFactory = _ => TransferPriority.Normal };
        var credential = new Option<string?>("--credential") { Description = "Name of the source's credential on the server, never the secret." };
        var link = new Option<string?>("--link") { Description = "Name of the link whose limit it uses." };
        var suspended = new Option<bool>("--suspended") { Description = "Does not begin before it is resumed." };
        var minimumRetry = new Option<double?>("--min-retry") { Description = "Least seconds between a transient error and the next try." };
        var noProgress = new Option<double?>("--no-progress") { Description = "Seconds without progress after which it ends in Error." };
        var json = Arguments.Json();
        var command = new Command("create", "Makes a transfer job.")
        {
            sources, to, id, name, owner, priority, credential, link, suspended, minimumRetry, noProgress, json,
        };
        return TransferCommands.WithServer(command, async (client, parsed, cancellationToken) =>
        {
            var files = parsed.GetRequiredValue(sources).Select(source => new TransferFileRequest
            {
                Source = source,
                Destination = parsed.GetValue(to) is { } folder ? $"{folder.Trim('/')}/{FileName(source)}" : null,
            }).ToArray();
            var request = new TransferJobRequest
            {
                Id = parsed.GetValue(id) ?? Guid.CreateVersion7(),
                Name = parsed.GetValue(name) ?? FileName(parsed.GetRequiredValue(sources)[0]),
                Owner = parsed.GetRequiredValue(owner),
                Priority = parsed.GetValue(priority),
                Files = files,
                Credential = parsed.GetValue(credential),
                Link = parsed.GetValue(link),
                Suspended = parsed.GetValue(suspended),
                MinimumRetrySeconds = parsed.GetValue(minimumRetry),
                NoProgressSeconds = parsed.GetValue(noProgress),
            };
            TransferCommands.Print(await client.CreateAsync(request, cancellationToken), parsed.GetValue(json));
        });
    }

    private static string FileName(string source) =>
        Uri.TryCreate(source, UriKind.Absolute, out var url) && Uri.UnescapeDataString(url.Segments[^1]) is var name && !name.EndsWith('/')
            ? name
            : throw CliException.Usage("That is not the URL of a file", "", "Write it as https://host/folder/file");
}
