using Ferry.DiskImages.Sources;

namespace Ferry.Capture.Sources;

/// <summary>Which sources may be read.</summary>
public sealed class SourcesOptions
{
    /// <summary>Section in the configuration.</summary>
    public const string SectionName = "Ferry:Sources";

    /// <summary>Hosts that URLs may name, by name, name and port, or <c>*.domain</c>; empty: every host.</summary>
    public IList<string> AllowedHosts { get; init; } = [];

    /// <summary>Folders in which local sources must be, links resolved; empty: everywhere (the command line). A server lists its library shares here.</summary>
    public IList<string> LibraryRoots { get; init; } = [];

    /// <summary>Credentials by name; each is sent to its own hosts only.</summary>
    public IDictionary<string, SourceCredential> Credentials { get; init; } = new Dictionary<string, SourceCredential>();

    /// <summary>Folder with a file for each further credential, for requests that name one; or null.</summary>
    public string? SecretsFolder { get; set; }
}
