using System.CommandLine;
using Ferry.Cli.Embedded;

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
    public FerryClient Client(ParseResult parsed, TimeSpan? timeout = null) => new(Address(parsed), Key(parsed), timeout);

    /// <summary>A client of HTTP for what was parsed, without a time limit of its own: for what moves bytes.</summary>
    public HttpClient Http(ParseResult parsed) => FerryClient.Create(Address(parsed), Key(parsed), Timeout.InfiniteTimeSpan);

    private Uri Address(ParseResult parsed)
    {
        var text = parsed.GetRequiredValue(server);
        return Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
            ? url
            : throw CliException.Usage("--server is not an http or https URL", text, $"Write it as {DataFolder.DefaultUrl}");
    }

    private string? Key(ParseResult parsed) => parsed.GetValue(keyFile) is { } file
        ? ReadKey(file)
        : Environment.GetEnvironmentVariable("FERRY_API_KEY") ?? (File.Exists(DataFolder.Default.KeyFile) ? ReadKey(DataFolder.Default.KeyFile) : null);

    private static string ReadKey(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw CliException.Usage($"The API key cannot be read: {exception.Message}", file, "Name the key's file with --api-key-file, or set FERRY_API_KEY", exception);
        }
    }
}
