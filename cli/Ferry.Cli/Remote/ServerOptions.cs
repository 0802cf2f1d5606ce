using System.CommandLine;
using Ferry.Cli.Embedded;
using Ferry.Contracts;

namespace Ferry.Cli.Remote;

/// <summary><c>--server</c> and <c>--api-key-file</c>, for the commands that ask a running Ferry.</summary>
internal sealed class ServerOptions
{
    private readonly Option<string> server = new("--server")
    {
        Description = "The Ferry to ask.", DefaultValueFactory = _ => DataFolder.DefaultUrl,
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
    public FerryClient Client(ParseResult parsed)
    {
        var text = parsed.GetRequiredValue(server);
        return Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
            ? new FerryClient(url, Key(parsed))
            : throw new CliException(ExitCode.Usage, new Failure { Code = "USAGE", Message = "--server is not an http or https URL", Where = text });
    }

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
