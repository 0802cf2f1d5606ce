using System.ComponentModel.DataAnnotations;

namespace Ferry.Gateway.Proxy;

/// <summary>Where the services are.</summary>
public sealed class ServiceRoutesOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string SectionName = "Ferry:Services";

    /// <summary>Base address of the orchestrator.</summary>
    [Required]
    public Uri Orchestrator { get; set; } = null!;

    /// <summary>Base address of the transfer service.</summary>
    [Required]
    public Uri Transfer { get; set; } = null!;

    /// <summary>Base address of the cleanup service.</summary>
    [Required]
    public Uri Cleanup { get; set; } = null!;
}
