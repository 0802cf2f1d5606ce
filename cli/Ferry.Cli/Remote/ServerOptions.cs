using System.CommandLine;
using Ferry.Cli.Embedded;

namespace Ferry.Cli.Remote;

/// <summary><c>--server</c> and <c>--api-key-file</c>, for the commands that ask a running Ferry.</summary>
internal sealed class ServerOptions
{
    private readonly Option<Uri> server = new("--server")
    {
        Description = "The Ferry to ask.", DefaultValueFactory = _ => new Uri(DataFolder.DefaultUrl),
    };

    private readonly Option<string?> keyFile = new("--api-key-file")
    {
        Description = "File that holds the API key (default: FERRY_API_KEY, else the local server's own).",
    };

    /// <summary>Adds both options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(server);
        command.Options.Add(keyFile);
    }

    /// <summary>The client for what was parsed.</summary>
    public FerryClient Client(ParseResult parsed) => new(parsed.GetRequiredValue(server), Key(parsed));

    private string? Key(ParseResult parsed)
    {
        if (parsed.GetValue(keyFile) is { } file)
        {
            return File.ReadAllText(file).Trim();
        }

        return Environment.GetEnvironmentVariable("FERRY_API_KEY")
            ?? (File.Exists(DataFolder.Default.KeyFile) ? File.ReadAllText(DataFolder.Default.KeyFile).Trim() : null);
    }
}
