using Ferry.DiskImages.Sources;

namespace Ferry.Transfer.Sources;

/// <summary>Which remote sources may be read, and with which credentials.</summary>
public sealed class SourcesOptions
{
    /// <summary>Section in the configuration.</summary>
    public const string SectionName = "Ferry:Sources";

    /// <summary>Hosts that may be asked, by name, name and port, or <c>*.domain</c>; empty: every host but link-local addresses (metadata services).</summary>
    public IList<string> AllowedHosts { get; init; } = [];

    /// <summary>Credentials by name.</summary>
    public IDictionary<string, SourceCredential> Credentials { get; init; } = new Dictionary<string, SourceCredential>();

    /// <summary>Folder with a file for each further credential, or null.</summary>
    public string? SecretsFolder { get; set; }
}
