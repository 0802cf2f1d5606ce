namespace Ferry.Transfer.Sources;

/// <summary>Which remote sources may be read.</summary>
public sealed class SourcesOptions
{
    /// <summary>Section in the configuration.</summary>
    public const string SectionName = "Ferry:Sources";

    /// <summary>Hosts that may be asked, by name, name and port, or <c>*.domain</c>; empty: every host but link-local addresses (metadata services).</summary>
    public IList<string> AllowedHosts { get; init; } = [];
}
