using System.Net.Http.Headers;
using System.Text;

namespace Ferry.DiskImages.Sources;

/// <summary>
/// The credentials of source hosts, for HTTP basic authentication (ESXi's <c>/folder</c> wants it). A request names one, or none: then the first that is set for the source's host is
/// used. Each is sent only to its own hosts, so that who may name a URL cannot have it sent elsewhere. Thread-safe.
/// </summary>
/// <param name="named">Credentials of the configuration, by name.</param>
/// <param name="secretsFolder">Folder with a file for each further credential, lines <c>hosts=</c>, <c>username=</c>, <c>password=</c>, <c>allowHttp=true</c>; null for none.</param>
public sealed class SourceCredentials(IReadOnlyDictionary<string, SourceCredential> named, string? secretsFolder)
{
    private const int LongestFile = 64 << 10;

    /// <summary>The header to send to a URL, or null when there is no credential for it.</summary>
    /// <param name="name">Name of the credential, or null for the one of the host.</param>
    /// <param name="url">The source.</param>
    /// <exception cref="SourceCredentialException">It is not there, cannot be read, or may not be sent there.</exception>
    public AuthenticationHeaderValue? HeaderFor(string? name, Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (name is null)
        {
            var (own, credential) = named.FirstOrDefault(pair => Fits(pair.Value, url));
            return credential is null ? null : Header(own, credential, url);
        }

        var found = named.TryGetValue(name, out var configured) ? configured : ReadFile(name);
        return Fits(found, url)
            ? Header(name, found, url)
            : throw new SourceCredentialException($"The credential '{name}' is not for the host {url.Host}.", "Add the host to the credential's hosts, or name another credential.");
    }

    private static bool Fits(SourceCredential credential, Uri url) => credential.Hosts.Count > 0 && new HostRules([.. credential.Hosts]).IsAllowed(url);

    private static AuthenticationHeaderValue Header(string name, SourceCredential credential, Uri url)
    {
        if (url.Scheme != Uri.UriSchemeHttps && !credential.AllowHttp)
        {
            throw new SourceCredentialException(
                $"The credential '{name}' would be sent over http, where it can be read on the way.", "Use https, or set AllowHttp for the credential.");
        }

        var password = credential.Password ?? FirstLine(name, credential.PasswordFile);
        return new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credential.UserName}:{password}")));
    }

    private SourceCredential ReadFile(string name)
    {
        if (secretsFolder is null || name.Length is 0 or > 200 || name[0] == '.' || name.AsSpan().IndexOfAny('/', '\\', '\0') >= 0)
        {
            throw Unknown(name, null);
        }

        var credential = new SourceCredential();
        foreach (var line in ReadLines(name, Path.Combine(secretsFolder, name)))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            var value = line[(equals + 1)..].Trim();
            switch (equals < 0 ? "" : line[..equals].Trim())
            {
                case "hosts":
                    foreach (var host in value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                    {
                        credential.Hosts.Add(host);
                    }

                    break;
                case "username":
                    credential.UserName = value;
                    break;
                case "password":
                    credential.Password = line[(equals + 1)..];
                    break;
                case "allowHttp":
                    credential.AllowHttp = value == "true";
                    break;
            }
        }

        return credential;
    }

    private static string FirstLine(string name, string? file) => file is null
        ? throw new SourceCredentialException($"The credential '{name}' has no password.", "Set its Password or PasswordFile.")
        : ReadLines(name, file).FirstOrDefault() ?? "";

    private static string[] ReadLines(string name, string file)
    {
        try
        {
            return new FileInfo(file) is { Exists: true, Length: <= LongestFile } ? File.ReadAllLines(file) : throw Unknown(name, null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unknown(name, exception);
        }
    }

    private static SourceCredentialException Unknown(string name, Exception? cause) => new(
        cause is null ? $"There is no credential '{Printable(name)}'." : $"The credential '{Printable(name)}' cannot be read ({cause.GetType().Name}).",
        "Set it in the configuration (Ferry:Sources:Credentials), or put its file into the secrets folder.");

    private static string Printable(string name) => ImageFileName.Printable(name);
}
